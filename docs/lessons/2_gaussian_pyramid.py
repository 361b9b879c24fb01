# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# 2. The Gaussian pyramid: one image at several scales

What you will learn:

- why an image must be smoothed before it is made smaller, and what goes wrong otherwise;
- how MATLAB's `impyramid` does it, and where OpenCV's `pyrDown` gives other numbers;
- what focus looks like at each scale, and why a method looks at more than one.

It takes about 45 minutes. You need to know Python and that an image is an array of numbers from 0 to 1.
"""

# %%
import cv2
import numpy as np
from lesson import check, show
from matplotlib import pyplot
from parfocal import read_image

from matlab_compat import im2uint8, impyramid
from reference.datasets.generator.thin_lens import disc_blur
from reference.datasets.pairs import embedded_pairs
from reference.steps import gray, pyramid

# %% [markdown]
# ## Half the size: just skip pixels?
#
# A **scale** is how much of the scene one pixel stands for. To go to the next coarser scale we halve the
# image in both directions. The quickest way is to keep every second row and column and drop the rest. This is
# called **subsampling**.
#
# We try it on a test image: rings that become narrower outwards. Brightness goes up and down once per ring.

# %%
y, x = np.mgrid[-64:65, -64:65]
rings = 0.5 + 0.5 * np.cos(np.pi * (x**2 + y**2) / 2 / 90)
show({"rings, 129 x 129 pixels": rings, "every second pixel, 65 x 65": rings[::2, ::2]}, columns=2, width=9)

# %% [markdown]
# Look towards the edges and corners of the right picture: there are rings and checks, round new centres, that
# the left one does not have. The thin rings are gone, and false, wide ones stand in their place. Fine detail
# that comes back as false coarse detail is called **aliasing**.

# %% [markdown]
# ## Where the false rings come from
#
# Take one row of a pattern that goes up and down regularly. Its **frequency** is how many ups and downs there
# are per pixel; its **period** is how many pixels one of them takes, 1 / frequency. A frequency of 0.4 has a
# period of 2.5 pixels.
#
# The next picture shows such a pattern as a thin line, and what is left when every second pixel is kept.

# %%
position = np.arange(24)
fine = np.linspace(0, 23, 1000)
figure, axes = pyplot.subplots(2, 1, figsize=(9, 4.2), sharex=True, layout="constrained")
for axis, step in zip(axes, (1, 2), strict=True):
    kept = position[::step]
    axis.plot(fine, np.cos(2 * np.pi * 0.4 * fine), color="lightgray", label="pattern, frequency 0.4")
    axis.plot(kept, np.cos(2 * np.pi * 0.4 * kept), "o", color="tab:red", label="pixels kept")
axes[1].plot(fine, np.cos(2 * np.pi * 0.1 * fine), color="tab:blue", label="another through them: 0.1")
axes[0].set_title("all pixels", fontsize=10)
axes[1].set_title("every second pixel", fontsize=10)
axes[1].set_xlabel("position in pixels of the large image")
for axis in axes:
    axis.legend(loc="upper right", fontsize=8)
    axis.set_ylim(-1.2, 3.2)
    axis.set_yticks([-1, 0, 1])
pyplot.show()

# %% [markdown]
# Look at the lower picture: the same red points lie on a slow wave of frequency 0.1 as well. Whoever sees
# only the points must take them for the slow wave.
#
# In general, samples that are $s$ pixels apart cannot tell the frequencies $f$ and $|f - 1/s|$ from each
# other. Here $s = 2$ and $|0.4 - 0.5| = 0.1$. Everything above $1/(2 s)$, here 0.25 per pixel, is taken for
# something slower. So it must be removed **before** subsampling.

# %% [markdown]
# **Exercise 2.1.** A pattern has a period of 3 pixels. You keep every second pixel. What period, in pixels of
# the **large** image, do you seem to see?

# %%
answer_2_1 = None
check("2.1", answer_2_1)

# %% tags=["hide-cell"]
# Solution
seeming_frequency = abs(1 / 3 - 1 / 2)  # 1/6 per pixel
check("2.1", 1 / seeming_frequency)

# %% [markdown]
# ## The kernel [1 4 6 4 1] / 16
#
# To smooth is to replace each pixel by a weighted average of its neighbours. The weights are the **kernel**.
# Burt and Adelson (1983) took, along rows and along columns,
#
# $$w = \tfrac{1}{16} \, [1 \;\; 4 \;\; 6 \;\; 4 \;\; 1].$$
#
# - The weights sum to 1: an even area keeps its brightness.
# - They are a row of Pascal's triangle, and so nearly a bell curve, a **Gaussian**. Hence the name Gaussian
#   pyramid.
# - Even positions, $1 + 6 + 1$, and odd ones, $4 + 4$, have the same sum: each pixel of the large image
#   counts equally often in the small one.
#
# What does the average do to a wave of frequency $f$? It makes it weaker by a factor that one can compute:
# $H(f) = \cos^4(\pi f)$. The next cell measures it too.

# %%
weights = np.array([1, 4, 6, 4, 1]) / 16
frequencies = np.linspace(0, 0.5, 26)
offsets = np.arange(-2, 3)
measured = [np.sum(weights * np.cos(2 * np.pi * f * offsets)) for f in frequencies]  # at the top of a wave
figure, axis = pyplot.subplots(figsize=(7, 3.2), layout="constrained")
axis.plot(frequencies, np.cos(np.pi * frequencies) ** 4, label=r"$\cos^4(\pi f)$")
axis.plot(frequencies, measured, "o", label="measured")
axis.axvspan(0.25, 0.5, color="tab:red", alpha=0.12, label="becomes false after halving")
axis.set(xlabel="frequency f per pixel", ylabel="what is left of the wave", xlim=(0, 0.5), ylim=(0, 1.05))
axis.legend()
pyplot.show()
left = {f: np.cos(np.pi * f) ** 4 for f in (0.25, 0.4, 0.5)}
print("left:", ", ".join(f"{part:.3f} at frequency {f}" for f, part in left.items()))

# %% [markdown]
# Look at the shaded part: the frequencies that would be taken for something else. There the kernel leaves a
# quarter at most, and nothing at 0.5. It is not perfect; a kernel of five numbers cannot be. But it is cheap
# and good enough.

# %%
smoothed_rings = impyramid(rings, "reduce")
show({"every second pixel": rings[::2, ::2], "smoothed before": smoothed_rings}, columns=2, width=9)

# %% [markdown]
# Look at the right picture: where the rings are too thin for the small image it is an even gray, which is
# right, for gray is their average. Only faint traces of false rings are left.

# %% [markdown]
# ## One level down
#
# `impyramid(image, "reduce")` does both, smoothing and subsampling, first within each column, then within each
# rows. In one dimension, with $G$ the large signal and $G'$ the small one, counted from 0:
#
# $$G'(i) = \sum_{m=-2}^{2} w(m) \, G(2 i + m).$$
#
# The sum may reach beyond the border: $G'(0)$ asks for $G(-2)$ and $G(-1)$. MATLAB **mirrors** the image
# there, the edge pixel included: left of $G(0), G(1), \ldots$ stand $G(0)$ at place $-1$ and $G(1)$ at place
# $-2$.
#
# The next cell does it step by step, to show it, and compares with `impyramid`.


# %%
def reduce_row(row: np.ndarray) -> np.ndarray:
    """One dimension, as the formula says: mirror the border, take weighted sums around every second value."""
    mirrored = np.pad(row, 2, mode="symmetric")
    return np.array([np.sum(weights * mirrored[i : i + 5]) for i in range(0, len(row), 2)])


row = np.array([0.0, 0.0, 16.0, 0.0, 0.0, 16.0, 16.0])
print("by hand:  ", reduce_row(row))
print("impyramid:", impyramid(row[None, :], "reduce")[0])

# %% [markdown]
# The row stands for an image of one row, which needs nothing along the columns: all mirrored neighbours are
# the pixel itself. An odd number of values, 7, gives 4: the size is $\lceil 7 / 2 \rceil$, half of it,
# rounded up.

# %% [markdown]
# **Exercise 2.2.** By hand: what are the three values of `impyramid` for the row [16, 0, 0, 0, 32]? Mind the
# mirrored border. Give a list.

# %%
answer_2_2 = None
check("2.2", answer_2_2)

# %% tags=["hide-cell"]
# Solution
# With its mirror the row is 0 16 | 16 0 0 0 32 | 32 0. The kernel is centred on places 0, 2 and 4.
first = (1 * 0 + 4 * 16 + 6 * 16 + 4 * 0 + 1 * 0) / 16
second = (1 * 16 + 4 * 0 + 6 * 0 + 4 * 0 + 1 * 32) / 16
third = (1 * 0 + 4 * 0 + 6 * 32 + 4 * 32 + 1 * 0) / 16
check("2.2", [first, second, third])

# %% [markdown]
# ## MATLAB's impyramid is not OpenCV's pyrDown
#
# OpenCV has the same thing under the name `cv2.pyrDown`: the same kernel, the same sizes. Whoever ports a
# method from MATLAB to OpenCV expects the same numbers. We compare on a photograph, first in floating point.

# %%
sample = embedded_pairs()[0]
photograph = gray(read_image(sample.truth).pixels)
ours, theirs = impyramid(photograph, "reduce"), cv2.pyrDown(photograph)
print("sizes:", photograph.shape, "->", ours.shape, theirs.shape)
difference = np.abs(ours - theirs)
print(f"largest difference: {difference.max():.3f}, in the interior: {difference[1:-1, 1:-1].max():.0e}")
show({"impyramid": ours, "difference, 20 times enlarged": 20 * difference}, columns=2, width=9)

# %% [markdown]
# Look at the right picture: all black but for a thin frame. In the interior the two agree to the last digits.
# They differ in what stands beyond the border. OpenCV mirrors without repeating the edge pixel: left of
# $G(0)$ it puts $G(1)$, then $G(2)$. Told to repeat it, `BORDER_REFLECT`, it gives MATLAB's numbers
# everywhere:

# %%
reflected = cv2.pyrDown(photograph, borderType=cv2.BORDER_REFLECT)
print(f"largest difference with BORDER_REFLECT: {np.abs(ours - reflected).max():.0e}")

# %% [markdown]
# Does a frame of one pixel matter? The next cell goes on halving, and counts the pixels that differ by more
# than a thousandth, which is a quarter of a gray level of 8 bits.

# %%
by_border = {"mirrored with the edge pixel": photograph, "without it": photograph}
for level in (1, 2, 3):
    for name, border in zip(by_border, (cv2.BORDER_REFLECT, cv2.BORDER_REFLECT_101), strict=True):
        by_border[name] = cv2.pyrDown(by_border[name], borderType=border)
    one, other = by_border.values()
    print(f"level {level}: {100 * np.mean(np.abs(one - other) > 0.001):.1f} % of the pixels differ")

# %% [markdown]
# The share grows from level to level: the frame stays one or two pixels wide while the image shrinks. And a
# border is where a test against MATLAB's output fails first.

# %% [markdown]
# Now images of 8 bits, whole numbers from 0 to 255 (class uint8), as they come from a file.

# %%
bytes_in = im2uint8(photograph)
exact = impyramid(bytes_in.astype(float), "reduce")  # of the same numbers, without any rounding
matlab = impyramid(bytes_in, "reduce").astype(int)
opencv = cv2.pyrDown(bytes_in, borderType=cv2.BORDER_REFLECT).astype(int)
inner = np.s_[2:-2, 2:-2]
different = (matlab != opencv)[inner]
most = np.abs(matlab - opencv)[inner].max()
print(f"pixels that differ: {100 * different.mean():.1f} %, by at most {most} gray level")
for name, result in {"MATLAB": matlab, "OpenCV": opencv}.items():
    error = (result - exact)[inner]
    print(f"{name}: mean error {error.mean():+.4f}, largest {np.abs(error).max():.3f} gray levels")

crop = np.s_[30:80, 40:105]
show(
    {
        "impyramid, a crop": matlab[crop] / 255,
        "white: MATLAB greater by 1, black: less": 0.5 + 0.5 * (matlab - opencv)[crop],
    },
    columns=2,
    width=9,
)

# %% [markdown]
# Look at the right picture: the differences are everywhere, like noise, and there are more white points than
# black ones.
#
# The reason is the number of roundings. MATLAB works along one direction, rounds to whole numbers, then works
# along the other and rounds again. OpenCV keeps all digits until the end and rounds once. Either is right by
# its own rule; both lie near the exact value. But two roundings add up: MATLAB's error reaches nearly a whole
# gray level.
#
# Why is MATLAB's mean error positive? The weights are sixteenths, so what is rounded ends in one of 16
# fractions, $0/16$ to $15/16$. Seven of them go down and eight go up, since exactly one half goes up. If all
# are equally frequent, a rounding adds 1/32 on the mean, and two add 1/16 = 0.0625. Here it is less, as plain
# black areas have no error. OpenCV's only rounding is among 256 fractions and adds 1/512.
#
# This project divides the levels of a file by 255 and computes the pyramid in floating point, so no rounding
# takes part there. With images of class uint8 it would.

# %% [markdown]
# **Exercise 2.3.** In the middle of an even area of 8-bit value 100 there is one pixel of value 131. Where
# the kernel is centred on it, the exact result is $100 + 31 \cdot (6/16)^2 = 104.36$, so OpenCV gives 104.
# What does MATLAB give? Round after the first direction, then after the second (one half goes up).

# %%
answer_2_3 = None
check("2.3", answer_2_3)

# %% tags=["hide-cell"]
# Solution
spot = np.full((9, 9), 100, dtype=np.uint8)
spot[4, 4] = 131
# First direction: 100 + 31 * 6/16 = 111.625, rounded: 112. Second: 100 + 12 * 6/16 = 104.5, rounded: 105.
check("2.3", int(impyramid(spot, "reduce")[2, 2]))

# %% [markdown]
# ## The pyramid
#
# Do it again and again, and you have a **Gaussian pyramid**: $G_0$ is the image itself, $G_1$ half as large,
# $G_2$ a quarter, and so on. The number $l$ in $G_l$ is the **level**. This project uses three levels, 0, 1
# and 2.

# %%
levels = pyramid(photograph, levels=3)
figure, axes = pyplot.subplots(1, 3, figsize=(10, 4.4), layout="constrained", width_ratios=[4, 2, 1])
for axis, (level, image) in zip(axes, enumerate(levels), strict=True):
    axis.imshow(image, cmap="gray", vmin=0, vmax=1)
    axis.set_title(f"$G_{level}$: {image.shape[0]} x {image.shape[1]}", fontsize=10)
    axis.set_axis_off()
    axis.set_anchor("S")
pyplot.show()

# %% [markdown]
# Look at the sizes: each image has a quarter of the pixels of the one before. All levels together cost only a
# third more than the image alone, since $1 + 1/4 + 1/16 + \ldots = 4/3$.

# %% [markdown]
# **Exercise 2.4.** An image is 259 x 341 pixels. What is the size of level 3, that is, after halving three
# times? Give `[rows, columns]`.

# %%
answer_2_4 = None
check("2.4", answer_2_4)

# %% tags=["hide-cell"]
# Solution
size = [259, 341]
for _ in range(3):
    size = [-(-side // 2) for side in size]  # half, rounded up
check("2.4", size)

# %% [markdown]
# **Exercise 2.5.** A pixel of $G_1$ is made from a square of $G_0$ that is 5 pixels wide. How wide is the
# square of $G_0$ that a pixel of $G_2$ is made from?

# %%
answer_2_5 = None
check("2.5", answer_2_5)

# %% tags=["hide-cell"]
# Solution
# The centres of 5 pixels of G_1 are 2 apart in G_0: 4 * 2 between the outer two, which add 2 on each side.
check("2.5", 4 * 2 + 2 + 2 + 1)

# %% [markdown]
# ## What focus looks like by scale
#
# Now the point of it all. We take a sharp image, blur it by a disc (what is out of focus, lesson 1) of radius
# 2 pixels, and make a pyramid of both. The picture shows the same detail at three levels, drawn equally
# large.


# %%
def detail(image: np.ndarray, level: int) -> np.ndarray:
    """The same part of the scene at any level: rows 96 to 160, columns 64 to 144 of the full image."""
    step = 2**level
    return image[96 // step : 160 // step, 64 // step : 144 // step]


blurred = np.clip(disc_blur(photograph, 2.0), 0, 1)
pyramid_sharp, pyramid_blurred = pyramid(photograph, 3), pyramid(blurred, 3)
pictures = {f"sharp, level {k}": detail(pyramid_sharp[k], k) for k in range(3)}
pictures |= {f"blurred by 2 pixels, level {k}": detail(pyramid_blurred[k], k) for k in range(3)}
show(pictures, width=10)

# %% [markdown]
# Compare above and below in each column. At level 0 the blur is obvious. At level 2 one can hardly tell the
# two apart: a disc of radius 2 is half a pixel there. A slight blur shows at the fine levels only.
#
# And a strong blur? We need a number for how much detail there is. Take the mean square of what the next
# smoothing would remove, the **detail energy**: let $P$ be the image smoothed by the kernel $w$ in both
# directions; the energy is the mean of $(G_l - P)^2$. We compare the blurred image with the sharp one, level
# by level: energy left = energy of the blurred one / energy of the sharp one.


# %%
def detail_energy(image: np.ndarray) -> float:
    """Mean square of the image less its smoothed version."""
    smooth = cv2.sepFilter2D(image, -1, weights, weights, borderType=cv2.BORDER_REFLECT)
    return float(np.mean((image - smooth) ** 2))


radii = (1, 2, 4, 8)
sharp_energy = [detail_energy(image) for image in pyramid(photograph, 4)]
left = {}
for radius in radii:
    levels_of_blurred = pyramid(np.clip(disc_blur(photograph, radius), 0, 1), 4)
    energies = [detail_energy(image) for image in levels_of_blurred]
    left[radius] = [energy / sharp for energy, sharp in zip(energies, sharp_energy, strict=True)]

print("energy left, in percent, of an image blurred by a disc")
print("          " + "".join(f"  level {level}" for level in range(4)))
for radius in radii:
    print(f"radius {radius}: " + "".join(f"{100 * part:9.1f}" for part in left[radius]))

figure, axis = pyplot.subplots(figsize=(7, 3.2), layout="constrained")
for radius in radii:
    axis.plot(range(4), left[radius], "o-", label=f"radius {radius}")
axis.set(xlabel="level", ylabel="energy left", xticks=range(4), ylim=(0, 1))
axis.legend()
pyplot.show()

# %% [markdown]
# Look at the curves. With radius 1 nearly all detail is there again from level 2 on. With radius 8 much is
# missing even at the coarsest level. At level 0, however, radius 4 and radius 8 look alike: next to nothing
# is left in both.
#
# So no single level tells the whole story. The finest level notices a slight blur. The coarser levels tell a
# strong blur from a middling one, and they see farther: in a plain area, where the fine level has nothing to
# go by, a coarse one still reaches the next edge. That is the reason to show a network three levels. Of a
# piece of the scene of 16 x 16 pixels (a **patch**) it gets 16 x 16 pixels at level 0, 8 x 8 at level 1 and 4
# x 4 at level 2.

# %% [markdown]
# ## What to remember
#
# - Smooth, then subsample. What is finer than two of the new pixels must be removed before, or it comes back
#   as false coarse detail: aliasing.
# - `impyramid` and `pyrDown` share kernel and sizes. They differ at the border (edge pixel repeated or not)
#   and, for 8 bits, in the number of roundings (two or one).
# - A slight blur shows at fine scales only, a strong one at all of them. A pyramid shows both to one network.
#
# Where it is in the code: the step in [pyramid.py](../../reference/steps/step_2_pyramid.py), MATLAB's function in
# [impyramid.py](../../matlab_compat/impyramid.py), what else of MATLAB is different elsewhere in
# [DIFFERENCES.md](../../matlab_compat/DIFFERENCES.md).
