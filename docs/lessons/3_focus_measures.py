# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# 3. Focus measures: from the Laplacian to a network

What you will learn:

- how to measure from one photograph how sharp it is at each pixel, and how to choose between two by it;
- where such measures fail: in plain regions, beside strong edges, and under noise;
- what a convolutional network does instead, and what its pooling layers compute, by hand.

It takes about 60 minutes. You need to know Python and that an image is an array of numbers from 0 to 1.
"""

# %%
import numpy as np
import torch
from lesson import check, show
from matplotlib import pyplot
from parfocal import PAPER, load_network, read_image
from scipy import ndimage

from matlab_compat import boxfilter, fspecial, imfilter, stdfilt
from reference.datasets.generator.thin_lens import disc_kernel
from reference.datasets.pairs import embedded_pairs
from reference.methods.baselines import fuse_by_local_contrast
from reference.network.pooling import MixedPooling, softmax_pooling
from reference.network.summary import layers
from reference.steps import consistency, focus_map, gray, guide, guided_filter, pyramid, score_map

# %% [markdown]
# ## The task
#
# Two photographs A and B of one scene are focused at different distances. For every pixel we must say which
# of the two is in focus there. This pair was made by a program, so the right answer is known: the **true
# focus map**, white where A is in focus. We judge on gray images; the colour adds little.

# %%
pair = embedded_pairs()[0]
image_a, image_b, truth, focus = (
    read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth, pair.focus)
)
gray_a, gray_b, a_in_focus = gray(image_a), gray(image_b), focus > 0.5
show({"A, gray": gray_a, "B, gray": gray_b, "true focus map (white: A)": a_in_focus})

# %% [markdown]
# Look at the bricks: sharp in A, blurred in B, and white in the map.
#
# A **focus measure** is a number for each pixel, computed from one photograph, that is larger the sharper the
# photograph is there. Its value alone says little, for a wall has less detail than grass. But both
# photographs show the same thing, so we may compare: where A's measure is the larger one, A is taken to be in
# focus.
#
# All of the following measures look for fine detail, since fine detail is what blur removes (lesson 1).

# %% [markdown]
# ## Measure 1: local contrast
#
# Take the mean of the 7 x 7 pixels around a pixel, its **window**. How far is the pixel from it? With $g$ the
# gray image and $\bar g$ its mean over the window:
#
# $$c(y, x) = |g(y, x) - \bar g(y, x)|.$$
#
# `boxfilter(image, r)` sums over windows of $2 r + 1$ pixels, cut off at the border of the image, and the
# mean is the sum divided by the number of pixels.


# %%
def window_mean(image: np.ndarray, radius: int) -> np.ndarray:
    """Mean over the (2 radius + 1)-wide window around every pixel."""
    return boxfilter(image, radius) / boxfilter(np.ones_like(image), radius)


def local_contrast(image: np.ndarray) -> np.ndarray:
    """Distance of each pixel from the mean of its 7 x 7 window."""
    return np.abs(image - window_mean(image, 3))


contrast_a, contrast_b = local_contrast(gray_a), local_contrast(gray_b)
decided = contrast_a > contrast_b
contrasts = {"contrast of A, x 4": 4 * contrast_a, "contrast of B, x 4": 4 * contrast_b}
show({**contrasts, "white: A's is larger": decided})
print(f"pixels decided right: {100 * np.mean(decided == a_in_focus):.1f} %")

# %% [markdown]
# Look at the first two pictures: each is bright in its own sharp part. Now look at the third: the true map
# can be guessed, but it is full of holes. Even in a sharp part many pixels happen to lie near their mean, and
# there the measure is small.
#
# The project has a method that does just this and then cleans the map with the steps of lesson 4. To see that
# our measure is its measure, we put ours through the same steps and compare the results.

# %%
cleaned = consistency(decided, PAPER.area(decided.shape))
ours = guided_filter(guide(gray_a, gray_b, cleaned), cleaned, PAPER.guide_radius, PAPER.guide_eps)
theirs = fuse_by_local_contrast(image_a, image_b).decision_map
print("largest difference between our decision map and the method's:", np.abs(ours - theirs).max())

# %% [markdown]
# The holes have an easy remedy: ask the neighbours as well. From now on each measure is a mean over a window
# of 15 x 15 pixels. A large window is steadier, and it blurs the boundary between the parts. That is a
# compromise which no measure escapes.

# %% [markdown]
# ## Measure 2: variance
#
# How much do the gray values of a window differ among themselves? With $N$ pixels $g_k$ in the window and
# their mean $\bar g$, the **variance** is
#
# $$v = \frac{1}{N - 1} \sum_{k=1}^{N} (g_k - \bar g)^2.$$
#
# `stdfilt` computes its square root, the standard deviation, around every pixel.
#
# ## Measure 3: energy of the Laplacian
#
# The **Laplacian** compares a pixel with its four neighbours: their sum, less four times the pixel. As a
# kernel it is
#
# $$L = \begin{bmatrix} 0 & 1 & 0 \\ 1 & -4 & 1 \\ 0 & 1 & 0 \end{bmatrix}.$$
#
# On an even area it is 0, and on an even slope of brightness as well; it answers to the finest detail only.
# The measure is the mean of its square over the window.

# %%
WINDOW = 7  # radius: windows of 15 x 15 pixels


def mean_contrast(image: np.ndarray) -> np.ndarray:
    """Measure 1, mean over the window."""
    return window_mean(local_contrast(image), WINDOW)


def variance(image: np.ndarray) -> np.ndarray:
    """Measure 2."""
    return stdfilt(image, np.ones((2 * WINDOW + 1, 2 * WINDOW + 1))) ** 2


def laplacian_energy(image: np.ndarray) -> np.ndarray:
    """Measure 3."""
    return window_mean(imfilter(image, fspecial("laplacian", 0), "replicate") ** 2, WINDOW)


measures = {"mean contrast": mean_contrast, "variance": variance, "Laplacian energy": laplacian_energy}
maps = {name: measure(gray_a) > measure(gray_b) for name, measure in measures.items()}
for name, decision in maps.items():
    print(f"{name:17s} {100 * np.mean(decision == a_in_focus):.1f} % decided right")
show({**maps, **{f"white: {name} is wrong": decision != a_in_focus for name, decision in maps.items()}})

# %% [markdown]
# Look at the lower row, the errors. All three measures have a seam of errors along the boundary of the two
# parts. Mean contrast and variance also err on the faces of the bricks, and the variance in bands beside
# every strong edge. The Laplacian energy errs around the white stripes of the black helmet, at the bottom on
# the right. We look at these errors below.

# %% [markdown]
# **Exercise 3.1.** By hand: what does the Laplacian $L$ give at the middle pixel of the following window?
#
# $$\begin{bmatrix} 10 & 10 & 10 \\ 10 & 10 & 40 \\ 10 & 40 & 40 \end{bmatrix}$$

# %%
answer_3_1 = None
check("3.1", answer_3_1)

# %% tags=["hide-cell"]
# Solution
window = np.array([[10.0, 10, 10], [10, 10, 40], [10, 40, 40]])
check("3.1", np.sum(fspecial("laplacian", 0) * window))  # 10 + 10 + 40 + 40 - 4 * 10

# %% [markdown]
# ## Failure 1: plain regions
#
# In a plain region there is no detail to lose: sharp and blurred look the same there, and the measures
# compare nearly equal numbers. Which pixels are plain? We call a pixel plain if the standard deviation of the
# 7 x 7 pixels around it in the sharp image is under 0.01. We leave out what lies within 16 pixels of the
# boundary between the parts, and count the rest separately.

# %%
to_boundary = ndimage.distance_transform_edt  # how far each True pixel is from the nearest that is False
from_boundary = np.where(a_in_focus, to_boundary(a_in_focus), to_boundary(~a_in_focus))
inside = from_boundary > 16
plain = stdfilt(gray(truth), np.ones((7, 7))) < 0.01


def report(name: str, decision: np.ndarray) -> None:
    """One line: decided right everywhere, and away from the boundary in textured and in plain regions."""
    right = decision == a_in_focus
    shares = [100 * np.mean(right[where]) for where in (right | True, inside & ~plain, inside & plain)]
    print(f"{name:20s}{shares[0]:10.1f}{shares[1]:10.1f}{shares[2]:10.1f}")


print("decided right, %   everywhere  textured     plain")
for name, decision in maps.items():
    report(name, decision)
show(
    {"white: plain, away from the boundary": plain & inside, "black: near the boundary": inside},
    columns=2,
    width=9,
)

# %% [markdown]
# Look at the two columns on the right: away from the boundary, the Laplacian energy decides nearly everything
# right where there is texture, and its errors are where the scene is plain. The left picture shows where that
# is: on the smooth faces of the bricks, on the bright background, on the black helmet.
#
# In a plain region a wrong choice costs little, since A and B look alike. But it makes holes in the map, and
# with the next photograph (more noise, another exposure) such holes become visible.

# %% [markdown]
# ## Failure 2: beside a strong edge
#
# This one is less obvious. Take one row of an image with one strong edge, sharp in A, blurred in B by a disc
# of radius 5. Everything else is plain. A is in focus in the whole row.

# %%
positions = np.arange(-16, 16)
edge_a = (positions >= 0).astype(float)
profile = disc_kernel(5.0).sum(axis=0)  # a disc seen along one direction: what it does to a straight edge
edge_b = np.convolve(np.pad(edge_a, 5, mode="edge"), profile, mode="valid")
spread_a, spread_b = (ndimage.generic_filter(row, np.var, size=7, mode="nearest") for row in (edge_a, edge_b))
figure, axes = pyplot.subplots(2, 1, figsize=(8, 4.4), sharex=True, layout="constrained")
axes[0].step(positions, edge_a, where="mid", label="A, sharp")
axes[0].step(positions, edge_b, where="mid", label="B, blurred")
axes[0].set_ylabel("gray value")
axes[1].plot(positions, spread_a, "o-", markersize=4, label="A")
axes[1].plot(positions, spread_b, "o-", markersize=4, label="B")
axes[1].set(xlabel="position in pixels, edge at 0", ylabel="variance of 7 pixels")
wrong = positions[spread_b > spread_a]
for position in wrong:
    axes[1].axvspan(position - 0.5, position + 0.5, color="tab:red", alpha=0.15, linewidth=0)
axes[0].legend()
axes[1].legend()
pyplot.show()
print("B wins, wrongly, at", *wrong)

# %% [markdown]
# Look at the shaded parts of the lower picture. At the edge A's measure is far larger, as it should be. A few
# pixels away, A's window no longer reaches the edge, and A is plain there. But B's blurred edge is wide and
# still reaches into the window. So B wins, although A is the sharp one.
#
# A larger window does not remove the false bands, it moves them away from the edge. A finer measure makes
# them smaller: the Laplacian is nearly 0 on the smooth slope of B. Even so, the errors of the Laplacian
# energy around the helmet are of this kind: white stripes, sharp in B, blurred in A, beside plain black.

# %% [markdown]
# **Exercise 3.2.** In the example above the window reaches 3 pixels to each side and the disc 5 pixels. At
# how many positions on **one** side of the edge is B's measure above 0, whether or not it is above A's? (A's is
# above 0 at 3 positions on each side.)

# %%
answer_3_2 = None
check("3.2", answer_3_2)

# %% tags=["hide-cell"]
# Solution
# B is uneven up to 5 pixels from the edge, and windows up to 3 pixels farther away still see some of that.
check("3.2", int(np.sum((spread_b > 1e-12) & (positions >= 0))))

# %% [markdown]
# ## Failure 3: noise
#
# **Noise** is random error in each pixel, strong when there is little light. It is fine detail too, and as
# strong in the one photograph as in the other. We add noise of standard deviation $\sigma$ (in gray levels
# of 255) and count again.


# %%
def noisy(image: np.ndarray, sigma: float, seed: int) -> np.ndarray:
    """Add Gaussian noise of so many gray levels."""
    return np.clip(image + sigma / 255 * np.random.default_rng(seed).standard_normal(image.shape), 0, 1)


print("decided right, %   " + "".join(f"  sigma {sigma:2d}" for sigma in (0, 2, 5, 10)))
for name, measure in measures.items():
    right = [
        np.mean((measure(noisy(gray_a, sigma, seed=1)) > measure(noisy(gray_b, sigma, seed=2))) == a_in_focus)
        for sigma in (0, 2, 5, 10)
    ]
    print(f"{name:19s}" + "".join(f"{100 * share:10.1f}" for share in right))

# %% [markdown]
# Look along the rows. The Laplacian energy was the best measure without noise, and it loses most: noise is
# the finest detail of all. The variance loses least, and started lowest. What answers to fine detail answers
# to noise.
#
# So there is no best formula. It would have to weigh fine detail against coarse, take noise into account, and
# know what the blur of a strong edge looks like. Nobody can write that down; but it can be learned from
# examples.

# %% [markdown]
# ## A network
#
# A **convolutional network** is built from the same parts, many times over:
#
# - a **convolution**: a small kernel of weights slides over its input, as the Laplacian did; here it is
#   called a **filter**. A constant, the **bias**, is added. A layer has many filters, and what a filter gives
#   is a **feature map**;
# - **ReLU**: negative values become 0, $\max(0, x)$. Without it two convolutions in a row would be no more
#   than one;
# - **pooling**: a window of a feature map is replaced by one number.
#
# At the end, **fully connected** layers take weighted sums of all features, and two outputs, $o_A$ and $o_B$, are
# turned into a probability by $e^{o_A} / (e^{o_A} + e^{o_B})$, the **softmax**: the **score**, how likely it is
# that A is in focus. It belongs to a **patch**, a square of 16 x 16 pixels.
#
# Nobody chooses the weights. They are adjusted, little by little, on many pairs with known truth, until the
# scores are right. This is called **training**. We use the project's network `small`, trained before.

# %%
network = load_network("small")
module = network.file.module
print("layer".ljust(30), "what".ljust(34), "numbers learned")
for layer in layers(module, 256, 256):
    print(layer.name.ljust(30), layer.what.ljust(34), layer.parameters)

# %% [markdown]
# A and B pass through the same convolutions one after the other, and so does each level of their pyramids
# (lesson 2): such a network is called **siamese**. **Concatenation** puts all features of A and of B, from
# all levels, into one long list; only the layers after it see both photographs. The two kinds of pooling in
# the table are explained below.

# %% [markdown]
# **Exercise 3.3.** Convolution 1 has 8 filters of 3 x 3 on one gray image, with a bias each:
# $8 \cdot (9 \cdot 1 + 1) = 80$ numbers, as the table says. Each filter of a later convolution looks at **all**
# feature maps that it is given. How many numbers would a convolution have with 24 filters of 3 x 3 on 16 feature
# maps, with a bias each?

# %%
answer_3_3 = None
check("3.3", answer_3_3)

# %% tags=["hide-cell"]
# Solution
convolution = torch.nn.Conv2d(in_channels=16, out_channels=24, kernel_size=3)
check("3.3", sum(parameter.numel() for parameter in convolution.parameters()))  # 24 (9 * 16 + 1)

# %% [markdown]
# ## What the first layers see
#
# Here are the eight filters of convolution 1. Mid-gray is 0, brighter is positive, darker negative.

# %%
filters = module.convolutions[0].weight.detach().numpy()[:, 0]
scale = np.abs(filters).max()
show({f"filter {k}": 0.5 + 0.5 * f / scale for k, f in enumerate(filters, start=1)}, columns=8)
print("sum of the weights of each filter:   ", *(f"{f.sum():6.2f}" for f in filters))
print("sum of their absolute values:        ", *(f"{np.abs(f).sum():6.2f}" for f in filters))

# %% [markdown]
# Look at bright and dark cells: every filter has both. And look at the sums: near 0, measured by the absolute
# values. On an even area such a filter gives nearly 0, whatever the brightness. Like the Laplacian it sees
# differences only, in its own direction each.
#
# The next pictures show a crop of A and B, and the three strongest feature maps of convolution 2, each drawn
# with one scale for A and B. (Gray values enter the network as -2 to 2, hence the first line of `features`.)

# %%
crop = np.s_[130:210, 90:190]


def features(image: np.ndarray) -> np.ndarray:
    """The feature maps of convolution 2: (16, H, W)."""
    x = module.input_gain * torch.from_numpy(image.astype(np.float32))[None, None] - module.input_gain / 2
    with torch.inference_mode():
        for convolution in module.convolutions[:2]:
            x = torch.relu(convolution(x))
    return x[0].numpy()


features_a, features_b = (features(image)[(slice(None), *crop)] for image in (gray_a, gray_b))
strongest = np.argsort(features_a.mean(axis=(1, 2)) + features_b.mean(axis=(1, 2)))[::-1][:3]
pictures = {"A": gray_a[crop]}
pictures |= {f"A, feature {k + 1}": features_a[k] / np.quantile(features_a[k], 0.99) for k in strongest}
pictures |= {"B": gray_b[crop]}
pictures |= {f"B, feature {k + 1}": features_b[k] / np.quantile(features_a[k], 0.99) for k in strongest}
show(pictures, columns=4)

# %% [markdown]
# Compare the rows. A, where the bricks are sharp, has bright lines along their joints; in B the same places
# are dim. In B the suit lights up. The features are focus measures, sixteen of them at this layer, made by
# training; the layers after it combine them.

# %% [markdown]
# ## Mixed pooling by hand
#
# After convolution 2 each feature map is made half as large. From each 2 x 2 window the network takes a
# mixture of the largest value and the mean:
#
# $$d = p \, \max(x) + (1 - p) \, \mathrm{mean}(x).$$
#
# - $x$ are the values of the window, and $d$ is the one that replaces them;
# - $p$ is between 0 and 1. With $p = 1$ this is **max pooling**, which keeps the strongest answer; with
#   $p = 0$ it is **average pooling**, which is steadier.
#
# Take a feature map of 4 x 4 values, and $p = 0.5$:
#
# $$x = \begin{bmatrix} 1 & 2 & 0 & 0 \\ 3 & 6 & 0 & 4 \\ 2 & 2 & 1 & 3 \\ 2 & 2 & 5 & 7 \end{bmatrix}$$
#
# - top left: the largest is 6, the mean $12 / 4 = 3$, so $0.5 \cdot 6 + 0.5 \cdot 3 = 4.5$;
# - top right: largest 4, mean 1: $2.5$;
# - bottom left: all equal to 2: $2$;
# - bottom right: largest 7, mean $16 / 4 = 4$: $5.5$.

# %%
x = torch.tensor([[1.0, 2, 0, 0], [3, 6, 0, 4], [2, 2, 1, 3], [2, 2, 5, 7]])
by_hand = np.array([[4.5, 2.5], [2.0, 5.5]])
by_layer = MixedPooling(fixed_p=0.5)(x[None, None], window=2, stride=2)[0, 0].numpy()
print(by_layer, "largest difference:", np.abs(by_layer - by_hand).max())

# %% [markdown]
# The **stride** is the step from one window to the next; 2 with windows of 2 means that they do not overlap.
# In the network $p$ is learned, one for each pooling layer:

# %%
print(f"p after convolution 2: {module.mixed_pooling.p.item():.2f}")
print(f"p of the pooling over a patch: {module.window_mixed_pooling.p.item():.2f}")

# %% [markdown]
# **Exercise 3.4.** A window holds the values 8, 0, 0 and 0, and $p = 0.25$. What does mixed pooling make of
# it?

# %%
answer_3_4 = None
check("3.4", answer_3_4)

# %% tags=["hide-cell"]
# Solution
check("3.4", 0.25 * max(8, 0, 0, 0) + 0.75 * (8 + 0 + 0 + 0) / 4)

# %% [markdown]
# ## Softmax pooling by hand
#
# After the last convolution, each patch is 8 x 8 values at level 0 of the pyramid (4 x 4 at level 1, 2 x 2 at
# level 2) in each of 128 feature maps, and of each map there shall be one number. The network takes two:
# mixed pooling again, and **softmax pooling**, a mean in which
# large values count more:
#
# $$s = \frac{\sum_k x_k \, e^{x_k}}{\sum_k e^{x_k}}.$$
#
# Each $x_k$ has the weight $e^{x_k}$, divided by the sum of all weights. A value that is larger by 1 counts
# 2.7 times as much. So $s$ lies between the mean and the largest value, and nearer to the largest the more it
# stands out.
#
# Take the window 0, 0, 0, 2 by hand. The weights are $e^0 = 1$ three times, and $e^2 = 7.389$. So
#
# $$s = \frac{0 + 0 + 0 + 2 \cdot 7.389}{3 + 7.389} = \frac{14.778}{10.389} = 1.422.$$
#
# The mean is 0.5 and the maximum 2.

# %%
window = torch.tensor([[0.0, 0.0], [0.0, 2.0]])[None, None]
print(f"softmax_pooling: {float(softmax_pooling(window, window=2)):.3f}")
peak = np.linspace(0, 6, 100)
pooled = [float(softmax_pooling(torch.tensor([[[[0.0, 0.0], [0.0, value]]]]), window=2)) for value in peak]
figure, axis = pyplot.subplots(figsize=(6, 3), layout="constrained")
axis.plot(peak, peak, "--", label="maximum")
axis.plot(peak, pooled, label="softmax pooling")
axis.plot(peak, 0.5 * peak + 0.5 * peak / 4, label="mixed pooling, p = 0.5")
axis.plot(peak, peak / 4, "--", label="mean")
axis.set(xlabel="t, in a window of 0, 0, 0, t", ylabel="pooled")
axis.legend()
pyplot.show()

# %% [markdown]
# Look at the green and the orange curve: mixed pooling is a straight line between mean and maximum. Softmax
# pooling begins as the mean does and ends as the maximum does. A weak peak, perhaps noise, is averaged away,
# while a strong one is kept.

# %% [markdown]
# **Exercise 3.5.** What does softmax pooling make of the window 0, 0, 0, $\ln 5$? ($\ln 5 = 1.609$, and
# $e^{\ln 5} = 5$.)

# %%
answer_3_5 = None
check("3.5", answer_3_5)

# %% tags=["hide-cell"]
# Solution
check("3.5", 5 * np.log(5) / (1 + 1 + 1 + 5))

# %% [markdown]
# ## The network as a focus measure
#
# Now the whole network. It gives a score for every patch, two pixels apart; `focus_map` spreads the scores
# over the pixels (lesson 4). Above 0.5 it decides for A.


# %%
def network_map(image_a: np.ndarray, image_b: np.ndarray) -> np.ndarray:
    """The focus map of the network, from two gray images."""
    scores = score_map(pyramid(image_a, network.levels), pyramid(image_b, network.levels), network)
    return focus_map(scores, image_a.shape)


from_network = network_map(gray_a, gray_b)
print("decided right, %   everywhere  textured     plain")
for name, decision in {**maps, "network": from_network > 0.5}.items():
    report(name, decision)
taken = from_network > 0.5
show({"focus map of the network": from_network, "above 0.5": taken, "white: wrong": taken != a_in_focus})

# %% [markdown]
# Look at the first picture: it is white or black nearly everywhere, and gray where the network is not sure.
# Most errors left (third picture) are a thin seam along the boundary. There a patch of 16 x 16 pixels holds
# both parts, so it can hardly tell where between them the boundary runs. The others are small parts at the
# edge of the image, and plain black.
#
# And with noise?

# %%
noisy_a, noisy_b = noisy(gray_a, 10, seed=1), noisy(gray_b, 10, seed=2)
by_energy = laplacian_energy(noisy_a) > laplacian_energy(noisy_b)
by_network = network_map(noisy_a, noisy_b) > 0.5
print(f"sigma 10: Laplacian energy {100 * np.mean(by_energy == a_in_focus):.1f} % decided right")
print(f"sigma 10: network          {100 * np.mean(by_network == a_in_focus):.1f} % decided right")
show({"A with noise": noisy_a, "Laplacian energy": by_energy, "network": by_network})

# %% [markdown]
# Compare the last two pictures. Without noise the Laplacian energy was not far behind the network. With noise
# it is: the network was trained with noisy pairs too, and has learned what not to look at.
#
# One pair proves little. On other pairs without noise the simple measures come nearer still, and a good one
# with good post-processing beats some networks; see [networks.md](../networks.md).

# %% [markdown]
# ## What to remember
#
# - A focus measure looks for fine detail; two photographs of one scene are compared by it, pixel by pixel.
# - It fails where there is no detail, beside strong edges, and where noise looks like detail. A larger window
#   helps against noise and blurs the boundary.
# - A network is many learned focus measures and a learned way to combine them. Mixed pooling is a fixed
#   mixture of maximum and mean; softmax pooling moves from the mean to the maximum as the maximum stands out.
#
# Where it is in the code: the simplest measure in
# [baselines.py](../../reference/methods/baselines.py), other methods in
# [gfdf.py](../../reference/methods/gfdf.py) and [gff.py](../../reference/methods/gff.py), the network in
# [enhanced.py](../../reference/network/enhanced.py), its poolings in
# [pooling.py](../../reference/network/pooling.py), the step that calls it in
# [score_map.py](../../reference/steps/step_3_score_map.py).
