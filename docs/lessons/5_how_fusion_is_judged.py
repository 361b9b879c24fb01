# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# 5. How fusion is judged, and how it misleads

What you will learn:

- how a fused image is judged when the right answer is known: PSNR and SSIM, with their formulas;
- what is used when it is not known (PIQE, entropy, PSNR against a source, fusion metrics), and what each of
  them cannot see;
- which numbers to report, so that a reader can tell whether a method is better.

It takes about 75 minutes. You need to know Python and that an image is an array of numbers.
"""

# %%
import numpy as np
from lesson import check, show
from matplotlib import pyplot
from parfocal import fuse, gfdf, laplacian_pyramid, load_network, read_image, score

from matlab_compat import entropy, im2double, im2uint8, imgaussfilt, rgb2gray, uint8
from matlab_compat import piqe as piqe_with_masks
from matlab_compat import ssim as ssim_with_map
from reference.datasets.pairs import embedded_pairs
from reference.methods.baselines import average
from reference.metrics.catalogue import Metric, metric
from reference.metrics.gray_levels import gray_levels
from reference.metrics.information import q_mi
from reference.metrics.single_image import average_gradient, piqe
from reference.metrics.truth import psnr, ssim

# %% [markdown]
# ## The task, and a pair with a known answer
#
# A lens is sharp at one distance only. **Multi-focus fusion** takes two photographs of one scene, the
# **sources** $A$ and $B$, each in focus in a different part, and makes one image $F$ that is sharp everywhere, the
# **fused image**.
#
# For real photographs nobody has the image that $F$ should be. For the six pairs that ship with this
# project it is known, because they were computed: a photograph in front, another one behind, and a model of
# a lens that is focused once on the one and once on the other. The scene sharp everywhere is the **truth**
# $T$ (also called ground truth).

# %%
pairs = {pair.name: pair for pair in embedded_pairs()}


def read_pair(name: str) -> list[np.ndarray]:
    """Sources A and B and the truth of a pair, as stored: whole numbers from 0 to 255."""
    pair = pairs[name]
    return [im2uint8(read_image(path).pixels) for path in (pair.image_a, pair.image_b, pair.truth)]


image_a, image_b, truth = read_pair("cat_coffee")
show({"source A": im2double(image_a), "source B": im2double(image_b), "truth T": im2double(truth)}, width=12)

# %% [markdown]
# In front is a part of a cat, behind it a cup on a table; the border between them is a random smooth
# outline. Look at the eye and the fur, sharp in $A$, and at the cup, sharp in $B$. In the truth both are
# sharp.

# %% [markdown]
# ## Seven candidates
#
# To see what a measure is worth, give it images whose order we know. Seven candidates for $F$:
#
# - **truth**: the right answer itself; nothing can be better;
# - **copy of A**, **copy of B**: no fusion at all, one source is handed in as "the result";
# - **average**: $(A+B)/2$, the simplest fusion; half of every blur stays;
# - **pyramid**: each image is split into what one scale adds to the next coarser one (a Laplacian pyramid: the
#   differences between the levels of lesson 2), at each scale the stronger detail of the two is kept, and all
#   is added up again, as many focus stacking programs do;
# - **GFDF**: a published method (Qiu et al. 2019) that takes each pixel from the source with the stronger
#   contrast around it, after small false regions have been removed;
# - **network**: this project's small neural network says which source is sharp where, and a map made of its
#   answers says what is taken from which (lessons 3 and 4; `PAPER` stands for the paper's parameters).

# %%
small_network = load_network("small")


def results(a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
    """Four fused images of a pair, as they would be stored."""
    a, b = im2double(a), im2double(b)
    fused = {
        "average": average(a, b),
        "pyramid": laplacian_pyramid(a, b),
        "GFDF": gfdf(a, b),
        "network": fuse(a, b, small_network),
    }
    return {name: im2uint8(one.image) for name, one in fused.items()}


candidates = {"truth": truth, "copy of A": image_a, "copy of B": image_b, **results(image_a, image_b)}
rows, columns = slice(60, 180), slice(90, 250)
show({name: im2double(image[rows, columns]) for name, image in candidates.items()}, columns=4, width=12)

# %% [markdown]
# A part of each candidate. In the average the rim of the cup has a soft glow, and the eye is a little soft.
# The pyramid, GFDF and the network look alike at this size; what they get wrong lies along the outline of
# the cat. A good measure must say: truth first, then these three, then the average, and the copies at the
# end.

# %% [markdown]
# ## Part 1: the truth is known
#
# ### The mean squared error
#
# The plainest question is how far the values are off. Let $N$ be the count of all values (rows times
# columns times 3 colours), $F_i$ and $T_i$ the $i$-th value of the fused image and of the truth, from 0 to
# 255. The **mean squared error** is
#
# $$\mathrm{MSE}(F, T) = \frac{1}{N} \sum_{i=1}^{N} (F_i - T_i)^2 .$$
#
# Its unit is gray levels squared. 0 means equal; an image that is off by 10 levels everywhere has 100.


# %%
def mean_squared_error(x: np.ndarray, y: np.ndarray) -> float:
    """Mean of the squared differences of all values."""
    return np.mean((x.astype(float) - y.astype(float)) ** 2)


for name, image in candidates.items():
    print(f"{name:10} MSE {mean_squared_error(image, truth):7.2f}")

# %% [markdown]
# Mind `astype(float)`: unsigned bytes cannot be negative, so 10 - 20 in `uint8` is 246.

# %% [markdown]
# ### PSNR
#
# Errors of images cover a wide range, so the field prints their logarithm. The **peak signal-to-noise
# ratio** sets the largest possible value, 255, against the error:
#
# $$\mathrm{PSNR}(F, T) = 10 \log_{10} \frac{255^2}{\mathrm{MSE}(F, T)} \quad \text{decibels (dB)} .$$
#
# Higher is better. Ten decibels more are a tenth of the squared error; 6 dB more are half the error in gray
# levels. Equal images have infinite PSNR.

# %%
by_hand = 10 * np.log10(255**2 / mean_squared_error(candidates["network"], truth))
print(f"by hand {by_hand:.6f} dB, reference.metrics.truth {psnr(candidates['network'], truth):.6f} dB\n")
for name, image in candidates.items():
    print(f"{name:10} PSNR to the truth {psnr(image, truth):6.2f} dB")

# %% [markdown]
# The order is the one we wanted: the truth, three methods, the average, the copies.

# %% [markdown]
# **Exercise 5.1.** An image differs from the truth by exactly 5 levels at every value. What is its PSNR, in
# dB? (Work it out on paper first: what is the MSE?)

# %%
answer_5_1 = None
check("5.1", answer_5_1)

# %% tags=["hide-cell"]
# Solution: the MSE is 25, and 255^2 / 25 = 51^2.
flat = np.full((8, 8), 100, dtype=np.uint8)
print(10 * np.log10(255**2 / 5**2), psnr(flat + np.uint8(5), flat))
check("5.1", psnr(flat + np.uint8(5), flat))

# %% [markdown]
# ### Where the error is
#
# One number hides where an image is wrong. A map of the error shows it.

# %%
errors = {}
for name in ("average", "pyramid", "GFDF", "network"):
    difference = np.abs(im2double(candidates[name]) - im2double(truth)).mean(axis=2)
    errors[f"{name}: {psnr(candidates[name], truth):.1f} dB"] = 8 * difference
show(errors, columns=4, width=12)

# %% [markdown]
# The absolute difference from the truth, eight times enlarged; black is no error. The average is wrong
# wherever there is detail. GFDF and the network are wrong along the outline, where the blurred cat in $B$
# spreads over the table and neither photograph is right. So is the pyramid, and faintly at details
# everywhere.

# %% [markdown]
# ### What PSNR does not see
#
# Three ways to spoil the truth, tuned to nearly the same PSNR: eight levels brighter everywhere, noise of
# standard deviation 8, and a blur.

# %%
rng = np.random.default_rng(5)
spoiled = {
    "brighter": uint8(truth + 8.0),
    "noisy": uint8(truth + rng.normal(0, 8, truth.shape)),
    "blurred": imgaussfilt(truth, 1.1),
}
titles = {name: f"{name}: {psnr(image, truth):.1f} dB" for name, image in spoiled.items()}
show({titles[name]: im2double(image[rows, columns]) for name, image in spoiled.items()}, width=12)

# %% [markdown]
# All three have about 30 dB, but you would hardly notice the first, and the other two at once. PSNR adds up
# errors pixel by pixel; it does not know that neighbouring pixels form a structure.

# %% [markdown]
# ### SSIM
#
# The **structural similarity** (Wang et al. 2004) compares small windows instead, of the gray images. The window
# around a pixel is weighted by a bell curve (a Gaussian) of standard deviation 1.5 pixels: near pixels count
# more. In each window take of the two images $x$ and $y$
#
# - the means $\mu_x$, $\mu_y$: how bright the window is,
# - the variances $\sigma_x^2$, $\sigma_y^2$: how much contrast it has,
# - the covariance $\sigma_{xy}$: how much $x$ and $y$ vary together.
#
# $$\mathrm{SSIM} =
# \frac{(2 \mu_x \mu_y + C_1)(2 \sigma_{xy} + C_2)}{(\mu_x^2 + \mu_y^2 + C_1)(\sigma_x^2 + \sigma_y^2 + C_2)},
# \qquad C_1 = (0.01\, L)^2,\quad C_2 = (0.03\, L)^2 .$$
#
# $L$ is the **dynamic range**, the distance from black to white: 255 for bytes. The constants $C_1$ and
# $C_2$ keep the fractions from becoming 0/0 in flat windows. The result is a map, 1 where the windows are
# equal; the SSIM of the image is the mean of the map.

# %%
print("               PSNR    SSIM")
for name, image in {**spoiled, **candidates}.items():
    print(f"{name:10} {psnr(image, truth):8.2f}  {ssim(image, truth):.4f}")

# %% [markdown]
# SSIM hardly minds that the image is brighter, and minds noise and blur: about what a viewer would say. On
# the candidates it gives nearly the same order as PSNR. The two copies, close together, change places.

# %%
gray_truth = rgb2gray(truth)
maps = {}
for name in ("average", "GFDF", "network"):
    found = ssim_with_map(rgb2gray(candidates[name]), gray_truth)
    maps[f"{name}: {found.ssimval:.4f}"] = found.ssimmap
show(maps, width=12)

# %% [markdown]
# SSIM maps of three candidates: white is 1, equal to the truth. The average loses structure nearly
# everywhere, the two others only along the outline.

# %% [markdown]
# **Exercise 5.2.** Two flat images, one of level 100 everywhere, the other of level 200. Their variances
# and their covariance are 0. What is their SSIM, for $L = 255$? (Two digits are enough.)

# %%
answer_5_2 = None
check("5.2", answer_5_2)

# %% tags=["hide-cell"]
# Solution: the second factors are C2 / C2 = 1; what is left is (2 * 100 * 200 + C1) / (100^2 + 200^2 + C1).
c1 = (0.01 * 255) ** 2
print((2 * 100 * 200 + c1) / (100**2 + 200**2 + c1))
dark, light = np.full((16, 16), 100, dtype=np.uint8), np.full((16, 16), 200, dtype=np.uint8)
check("5.2", ssim(dark, light))

# %% [markdown]
# Twice as bright, and still 0.8: SSIM forgives brightness.

# %% [markdown]
# ## Part 2: the truth is not known
#
# For real photographs there is no $T$. Three ways out are in use: put a source in the place of the truth,
# look at the result alone, or compare the result with both sources.

# %% [markdown]
# ### A source in the place of the truth
#
# PSNR needs something to compare with. If the truth is missing, one can compute the PSNR of $F$ against
# $B$.

# %%
print("            against A  against B  against the truth")
for name, image in candidates.items():
    print(f"{name:10} {psnr(image, image_a):9.2f}  {psnr(image, image_b):9.2f}  {psnr(image, truth):9.2f}")

# %%
names = [name for name in candidates if name not in ("truth", "copy of B")]
figure, axes = pyplot.subplots(figsize=(8, 3.2), layout="constrained")
places = np.arange(len(names))
axes.bar(places - 0.2, [psnr(candidates[n], truth) for n in names], 0.4, label="against the truth")
axes.bar(places + 0.2, [psnr(candidates[n], image_b) for n in names], 0.4, label="against source B")
axes.axhline(psnr(truth, image_b), color="k", linestyle=":", linewidth=1)
axes.text(-0.6, psnr(truth, image_b) + 0.6, "the truth, against B", fontsize=9)
axes.set_xticks(places, names)
axes.set_ylabel("PSNR, dB")
axes.set_xlim(-0.65, len(names) - 0.35)
axes.set_ylim(0, 52)
axes.legend(loc="upper left", ncols=2)
pyplot.show()

# %% [markdown]
# Two things to see.
#
# - A copy of $B$ has infinite PSNR against $B$ (it is left out of the picture: no bar is high enough). A
#   program that does nothing wins.
# - Of the fused images the average wins against $B$. The truth itself, the dotted line, gets about what the
#   three methods get, and less than the average: whatever it takes from $A$, rightly, counts as an error.
#
# So PSNR and SSIM against a source measure how much of that source was copied. The word PSNR in a table
# says nothing until you know *against what*.

# %% [markdown]
# **Exercise 5.3.** Suppose the PSNR of $B$ against $A$ is 26 dB. What is the PSNR of the average $(A+B)/2$
# against $A$, in dB, if nothing is rounded? (What is the difference $(A+B)/2 - A$?)

# %%
answer_5_3 = None
check("5.3", answer_5_3)

# %% tags=["hide-cell"]
# Solution: (A + B) / 2 - A = (B - A) / 2. Half the error is a quarter of the MSE: 10 log10(4) dB more.
print(26 + 10 * np.log10(4))
a, b = image_a.astype(float), image_b.astype(float)
gained = 10 * np.log10(mean_squared_error(b, a) / mean_squared_error((a + b) / 2, a))
check("5.3", 26 + gained)

# %% [markdown]
# ### Looking at the result alone: entropy
#
# The **entropy** of an image asks how evenly its gray levels are used. Let $p_k$ be the share of the pixels
# that have level $k$:
#
# $$H = -\sum_{k=0}^{255} p_k \log_2 p_k \quad \text{bits}$$
#
# (levels that do not occur are left out). A flat image has $H = 0$; if all 256 levels are equally frequent,
# $H = 8$. Many fusion papers print it and call more better, as "more information".

# %%
shuffled = rng.permutation(truth.reshape(-1, 3)).reshape(truth.shape)
show(
    {
        f"the truth: {entropy(rgb2gray(truth)):.4f} bits": im2double(truth),
        f"its pixels shuffled: {entropy(rgb2gray(shuffled)):.4f} bits": im2double(shuffled),
        f"with noise: {entropy(rgb2gray(spoiled['noisy'])):.4f} bits": im2double(spoiled["noisy"]),
    },
    width=12,
)

# %% [markdown]
# Entropy counts gray levels and does not know where they are: shuffling all pixels changes nothing. Noise
# makes it larger.
#
# How much does it differ between the candidates?

# %%
for name, image in candidates.items():
    print(f"{name:10} entropy {entropy(rgb2gray(image)):.3f} bits")

# %% [markdown]
# By less than a tenth of a bit. The pyramid has more than the truth. Printed with one decimal, as in many
# tables, nearly all are equal.

# %% [markdown]
# **Exercise 5.4.** In an image half of the pixels are black (0), a quarter gray (128) and a quarter white
# (255). What is its entropy in bits?

# %%
answer_5_4 = None
check("5.4", answer_5_4)

# %% tags=["hide-cell"]
# Solution: log2 of 1/2, 1/4, 1/4 is -1, -2, -2: H = 1/2 * 1 + 1/4 * 2 + 1/4 * 2.
print(1 / 2 * 1 + 1 / 4 * 2 + 1 / 4 * 2)
check("5.4", entropy(np.array([[0, 0], [128, 255]], dtype=np.uint8)))

# %% [markdown]
# ### Looking at the result alone: PIQE
#
# **PIQE** (perception-based image quality evaluator, Venkatanath et al. 2015) looks for two kinds of damage
# in small blocks. It is 0 to 100, and **lower is better**.
#
# 1. The image becomes gray. From each pixel the local mean is taken away, and the rest is divided by the
#    local standard deviation plus 1.
# 2. The result is cut into blocks of 16 x 16 pixels. A block counts as **active** if the variance $v$ of
#    its values is above 0.1: the others are too flat to show anything.
# 3. An active block has a **noticeable artifact** if six pixels in a row along one of its edges are nearly
#    equal (standard deviation below 0.1), as in blurred or heavily compressed images. It is charged
#    $1 - v$.
# 4. An active block is **noisy** if its two middle columns vary about as much as the rest of it: noise is the
#    same everywhere, edges are not. It is charged $v$.
# 5. The score is $100 \cdot (\text{all charges} + 1) / (\text{active blocks} + 1)$.

# %%
print("              PIQE   active  with artifact  noisy   (shares of the image)")
for name, image in candidates.items():
    found = piqe_with_masks(image)
    active, artifact, noise = found.activity_mask, found.noticeable_artifacts_mask, found.noise_mask
    print(f"{name:10}{found.score:9.2f}{active.mean():9.2f}{artifact.mean():15.2f}{noise.mean():7.2f}")


# %%
def charged(image: np.ndarray) -> np.ndarray:
    """The image in gray, blocks with a noticeable artifact in red."""
    gray = im2double(rgb2gray(image)) * 0.7
    mask = piqe_with_masks(image).noticeable_artifacts_mask
    return np.stack([np.where(mask, 0.55 + 0.45 * gray, gray), gray, gray], axis=2)


judged = {name: candidates[name] for name in ("truth", "copy of B", "network")}
show({f"{name}: {piqe(image):.1f}": charged(image) for name, image in judged.items()}, width=12)

# %% [markdown]
# Red: blocks that PIQE charges for an artifact. Most of them lie where an image is smooth, be it blurred or
# only smooth by nature, such as the coffee: in the truth too. In the copy of $B$ most of the blurred cat is
# not red: its blocks are so flat that they are no longer active, and count no more. PIQE does not know the
# sources, so it cannot tell a detail that was lost from one that never was.
#
# On this pair PIQE puts the truth first. Now add a little noise to the truth.

# %%
deviations = np.array([0, 1, 2, 3, 4, 5, 6, 8, 10])
noise = rng.normal(0, 1, truth.shape)
noisy = [uint8(truth + deviation * noise) for deviation in deviations]
figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
left.plot(deviations, [piqe(image) for image in noisy], "o-")
left.set_ylabel("PIQE (lower is called better)")
right.plot(deviations, [average_gradient(gray_levels(image)) for image in noisy], "o-", color="tab:green")
right.set_ylabel("average gradient (higher is called better)")
for axes in (left, right):
    axes.set_xlabel("standard deviation of the noise, levels")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
pyplot.show()

# %% [markdown]
# Left: with noise of 2 to 6 levels PIQE is much *better* than for the clean truth. The noise breaks up the
# smooth edges of the blocks, which were taken for artifacts, and is still too weak to count as noise
# itself. Only with 8 levels, which anyone sees (the picture "noisy" above), the score is back where it was.
#
# Right: the **average gradient**, the mean slope of the gray levels, is used as a measure of sharpness.
# Noise has steep slopes too, so it rises with every bit of noise.
#
# Both look at the result alone. Use them, if at all, to compare images that are known to be equally noisy.

# %% [markdown]
# ## Part 3: fusion metrics, and what saturates
#
# ### The idea
#
# **Fusion metrics** compare the result with both sources: how much of what is in $A$ and in $B$ is found in
# $F$ again? There are dozens. A few of the best known:
#
# | symbol | what is found again |
# |---|---|
# | $Q_{MI}$ | information: gray levels of $F$ tell gray levels of $A$ and $B$ |
# | $Q_{NCIE}$ | the same idea for all three images at once |
# | $Q_G$ (also $Q^{AB/F}$) | edges, their strength and direction |
# | $Q_E$, $Q_W$ | windows, compared as by SSIM, lively windows counting more |
# | $Q_Y$ | windows, mostly compared with the source that is more alike there |
# | $Q_{CB}$, $Q_{CV}$ | contrast that an eye can see; $Q_{CV}$ is an error, lower is better |
# | $Q_{VIFF}$ | information that an eye gets, at four scales |
# | $Q_{SCD}$ | what $F$ has over one source must be what the other one shows |
# | SSIM mean | mean of SSIM against $A$ and against $B$ |
#
# [docs/metrics.md](../metrics.md) lists all 51 that this project has, with sources; `score` computes them
# by name, from 8-bit images. EN stands for entropy, AG for average gradient.

# %%
NAMES = (
    "q_mi", "q_ncie", "q_g", "q_e", "q_y", "q_cb", "q_cv", "q_w", "q_scd", "q_viff", "ssim_mean", "piqe",
    "entropy", "average_gradient",
)  # fmt: skip
scores = {name: score(image, image_a, image_b, names=NAMES) for name, image in candidates.items()}
print(" " * 10, *(f"{name:>10}" for name in candidates))
for one in map(metric, NAMES):
    arrow = "lower is better" if one.better == "lower" else ""
    print(f"{one.symbol:10}", *(f"{scores[name][one.name]:10.4f}" for name in candidates), arrow)

# %% [markdown]
# ### Which metric ranks the truth first?
#
# A rank is easier to read than a value: 1 for the candidate that a metric finds best, 7 for the worst. PSNR
# to the truth stands at the top for comparison.


# %%
def ranks(values: list[float], one: Metric) -> list[int]:
    """1 for the best value of a metric."""
    badness = np.round([one.badness(value) for value in values], 9)  # the smaller the better, for every metric
    return [1 + int(np.sum(badness < own)) for own in badness]


listed = [metric("psnr"), *map(metric, NAMES)]
table = [ranks([psnr(image, truth) for image in candidates.values()], listed[0])]
table += [ranks([scores[name][one.name] for name in candidates], one) for one in listed[1:]]

figure, axes = pyplot.subplots(figsize=(8, 6), layout="constrained")
axes.imshow(table, cmap="RdYlGn_r", aspect="auto", vmin=0, vmax=8)
for y, row in enumerate(table):
    for x, rank in enumerate(row):
        axes.text(x, y, rank, ha="center", va="center", fontweight="bold" if rank == 1 else "normal")
axes.set_xticks(range(len(candidates)), candidates)
axes.xaxis.tick_top()
axes.set_yticks(range(len(listed)), ["PSNR to the truth", *(one.symbol for one in listed[1:])])
pyplot.show()

# %% [markdown]
# Read along a row; green and bold is what the metric finds best. Look for three things:
#
# - The truth, in the first column, is first for very few of them: for PIQE and AG, both of which a little
#   noise would improve further.
# - $Q_{MI}$, $Q_{NCIE}$ and $Q_Y$ like the two *copies* best. They reward an image whose pixels all come
#   from one source, and do not ask whether it was the right one.
# - SSIM mean likes the *average* best and the truth least of all: it rewards blur.
#
# None of this is a mistake in a formula. PIQE, EN and AG look at $F$ alone and do not know what should be there.
# The others compare $F$ with $A$ and $B$, and both are blurred in places: who agrees with the sources
# everywhere agrees with their blur.

# %% [markdown]
# **Exercise 5.5.** The formula of $Q_{MI}$ is
#
# $$Q_{MI} = 2 \left[ \frac{I(A, F)}{H(A) + H(F)} + \frac{I(B, F)}{H(B) + H(F)} \right],$$
#
# where $H$ is the entropy and $I(X, F)$ the mutual information: the bits that $F$ tells about $X$.
# $I(X, X) = H(X)$, and $I(X, Y) = 0$ if $X$ and $Y$ have nothing to do with each other. What is $Q_{MI}$
# for $F = A$, a copy, when $A$ and $B$ have nothing to do with each other?

# %%
answer_5_5 = None
check("5.5", answer_5_5)

# %% tags=["hide-cell"]
# Solution: 2 [ H(A) / (2 H(A)) + 0 ] = 1. Checked on a pair that shares nothing: A varies across, B down.
across = np.tile(np.arange(256.0), (256, 1))
print(q_mi(across, across.T, across))
check("5.5", q_mi(across, across.T, across))

# %% [markdown]
# So no fusion at all scores 1 or more. With $F = A$ or $F = B$ the formula gives the same,
# $1 + 2 I(A, B) / (H(A) + H(B))$: in the table above both copies have one value, and it is higher than that
# of every method.

# %% [markdown]
# ### Saturated metrics
#
# A metric is **saturated** when good results all lie so close together that it cannot tell them apart any
# more. Here is where the fused images and the truth lie on the whole range of five metrics, 0 to 1.

# %%
MARKS = {"average": "s", "pyramid": "^", "GFDF": "o", "network": "D", "truth": "*"}
WHOLE = ("q_g", "q_e", "q_y", "q_cb", "q_ncie")
figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 3.4), layout="constrained", width_ratios=(3, 2))
for name, mark in MARKS.items():
    size = 130 if name == "truth" else 45
    left.scatter([scores[name][one] for one in WHOLE], range(5), size, marker=mark, label=name, alpha=0.75)
    if name != "truth":
        right.scatter(psnr(candidates[name], truth), 0, size, marker=mark, alpha=0.75)
left.set_yticks(range(5), [metric(one).symbol for one in WHOLE])
left.set_xlim(0, 1)
left.set_ylim(-0.6, 4.6)
left.set_xlabel("value of the metric")
left.legend(fontsize=8, loc="upper left")
right.set_yticks([])
right.set_xlabel("PSNR to the truth, dB")
right.grid(alpha=0.3, axis="x")
left.grid(alpha=0.3, axis="x")
pyplot.show()
print("MSE to the truth:", {n: round(float(mean_squared_error(candidates[n], truth)), 2) for n in MARKS})

# %% [markdown]
# Left: for each metric the pyramid, GFDF, the network and the truth lie nearly on one spot (a little less
# so for $Q_{CB}$); only the average stands apart, and for $Q_{NCIE}$ not even that. Right: against the
# truth the same results lie apart, and their MSE, printed below, more so. (The truth itself is not in the right
# picture: its PSNR is infinite.)
#
# A difference in the third decimal of a saturated metric is therefore no evidence that a method is better.
# In published comparisons the best methods differ by such amounts (a table of eighteen is in
# [docs/metrics.md](../metrics.md)).

# %% [markdown]
# ### Six pairs instead of one
#
# One pair proves little. On how many of the six pairs does each metric rank the truth before the four fused
# images? (No copies this time, and only the middle of each pair, 128 x 176 pixels, to save time.)

# %%
CHOSEN = ("q_mi", "q_g", "q_y", "q_cv", "q_w", "q_scd", "q_viff", "ssim_mean", "piqe")
first = dict.fromkeys(CHOSEN, 0)
for name in pairs:
    a, b, t = (image[64:192, 80:256] for image in read_pair(name))
    tried = [score(image, a, b, names=CHOSEN) for image in (t, *results(a, b).values())]
    for one in CHOSEN:
        rank_of_truth, *_ = ranks([values[one] for values in tried], metric(one))
        first[one] += rank_of_truth == 1
print("metric      truth first, of 6 pairs    published correlation with the truth")
for one in CHOSEN:
    known = metric(one).follows  # the published correlation
    print(f"{metric(one).symbol:12}{first[one]:14}{'not known' if known is None else f'{known:+.2f}':>30}")

# %% [markdown]
# The last column answers another question: *among real methods*, does the metric order results as the truth
# does? It is the rank correlation, image by image, with SSIM against the truth, over 30 methods and 710
# pairs with truth: +1 is the same order, 0 is no relation, -1 the reverse. (From the scores that Y. Liu
# published in 2024; [docs/metrics.md](../metrics.md) says more.)
#
# Compare the two columns. $Q_W$, $Q_{SCD}$, $Q_{VIFF}$ and $Q_{CV}$ follow the truth best among real
# methods, yet on each of our pairs some fused image gets a better value than the truth itself. $Q_{MI}$
# puts the truth first here, as soon as no copies take part, and runs *against* the truth among real
# methods. To order methods and to recognise the right answer are two different tests, and no fusion metric
# in the table passes both. (PIQE puts the truth first on some pairs and on others not.)

# %% [markdown]
# ## What to report
#
# 1. **With truth, if it can be had.** Make pairs of known truth (or use a data set that has it), and report
#    PSNR and SSIM *against the truth*.
# 2. **Say against what.** For each number: which reference, gray or colour, which range of values, which
#    definition or program.
# 3. **Add the plain average, a copy of a source, and the truth itself** as rows. If a copy wins, the column
#    measures copying.
# 4. **For real photographs**: several metrics, among them those that follow the truth ($Q_W$, $Q_{SCD}$,
#    $Q_{VIFF}$, $Q_{CV}$), never a single one, and never SSIM mean to rank by.
# 5. **Many pairs, and the spread.** A mean difference smaller than its spread between pairs is no result.
# 6. **Pictures of the outline** at full size: that is where methods differ.

# %% [markdown]
# ## What to remember
#
# - A measure against the truth asks how right the result is; a measure against a source asks how much of
#   the source was copied.
# - Measures of the result alone (entropy, PIQE, average gradient) can be raised by noise, or hardly move at
#   all.
# - Test a measure before you trust it: give it the truth, the average, and a copy, and see what it ranks
#   first.

# %% [markdown]
# ## Where it is in the code
#
# - [psnr](../../reference/metrics/truth.py), [ssim](../../reference/metrics/truth.py): against the
#   truth; [piqe](../../reference/metrics/single_image.py), [entropy](../../reference/metrics/single_image.py),
#   [average_gradient](../../reference/metrics/single_image.py): of the result alone;
# - [q_mi](../../reference/metrics/information.py), [q_w](../../reference/metrics/piella.py) and the others, by
#   family; [catalogue.py](../../reference/metrics/catalogue.py): what is known of each;
#   [score.py](../../reference/metrics/score.py): all of them for one image;
# - `parfocal score` and `parfocal benchmark` do this from the command line,
#   [docs/metrics.md](../metrics.md) explains.
