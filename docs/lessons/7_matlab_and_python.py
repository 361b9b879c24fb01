# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# 7. MATLAB and Python: five lines that look the same

What you will learn:

- five lines of MATLAB whose obvious translation into Python computes something else;
- how large each difference is, where in the picture it sits, and what it does to a number that papers print;
- how to find such a line in a port, and what to write instead.

It takes about 60 minutes. You need to know Python and that an image is an array of numbers. No MATLAB is
needed: its lines are shown, not run.
"""

# %%
from collections.abc import Callable

import cv2
import numpy as np
from lesson import check, show
from matplotlib import pyplot
from parfocal import gfdf, laplacian_pyramid, read_image
from skimage import color
from skimage.metrics import structural_similarity

from matlab_compat import im2double, im2uint8, imresize, piqe, psnr, rgb2gray, round_half_away, ssim, uint8
from reference.datasets.pairs import embedded_pairs

# %% [markdown]
# ## Why it matters
#
# Many methods of image fusion, and nearly all programs that score them, were written in MATLAB. Who wants
# their numbers in Python translates line by line. Such a translation is called a **port**, and **parity**
# means that it gives the same numbers. Most lines have an obvious counterpart. Some counterparts answer to
# another definition. Neither side is wrong; but the numbers cannot be compared any more.

# %% [markdown]
# In MATLAB every array has a **class**. `uint8` holds whole numbers from 0 to 255, as image files do;
# `double` is Python's `float`, and images of that class are expected in $[0, 1]$. Many functions do
# different things for different classes.

# %% [markdown]
# `matlab_compat` is this project's translation of MATLAB's image functions, one per file. What is claimed for
# each, and who confirms it, is in [DIFFERENCES.md](../../matlab_compat/DIFFERENCES.md); a **V** there means:
# checked against numbers that MATLAB made. All five functions of this lesson have a V, or (rounding) are part
# of one that has it.

# %% [markdown]
# The examples use the pairs that ship with the project: two photographs, the **sources** $A$ and $B$, of
# one scene, each in focus in a different part, and the **truth**, the scene sharp everywhere. **Fusion** makes one
# sharp image of the two sources. Its error is given as PSNR, in decibels (dB) against the truth:
#
# $$\mathrm{PSNR} = 10 \log_{10} \frac{255^2}{\text{mean squared error}}$$
#
# Higher is better; 6 dB more are half the error. We fuse with two published methods without a network:
# **GFDF** (Qiu et al. 2019) and **Laplacian pyramids** (Burt, Adelson 1983), which take the stronger detail
# at each scale.

# %%
pairs = {pair.name: pair for pair in embedded_pairs()}


def read_pair(name: str) -> list[np.ndarray]:
    """Sources A and B and the truth of a pair, as doubles in [0, 1]."""
    pair = pairs[name]
    return [read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth)]


def share_differing(x: np.ndarray, y: np.ndarray) -> float:
    """How many values of two images differ, in percent."""
    return 100 * np.mean(x != y)


# %% [markdown]
# ## 1. The cast to bytes
#
# A fused image $F$ is computed in doubles and stored in bytes. The line in MATLAB, and its obvious
# translation:
#
# ```matlab
# stored = uint8(255 * F);
# ```
#
# ```python
# stored = (255 * F).astype(np.uint8)
# ```
#
# MATLAB **rounds** to the nearest whole number and **saturates**: what is below 0 becomes 0, what is above
# 255 becomes 255. numpy **truncates** (cuts off the decimals). For values out of range it leaves the result
# to the processor; most **wrap around**: 256 becomes 0, 257 becomes 1. To have the same on every machine,
# the cell below wraps explicitly, by way of a larger integer class.

# %%
levels = np.array([-1.0, 0.4, 0.6, 1.5, 99.9, 254.7, 256.0, 300.0])


def truncate_and_wrap(x: np.ndarray) -> np.ndarray:
    """What `astype(np.uint8)` does on most machines."""
    return x.astype(np.int64).astype(np.uint8)


print("levels", levels)
print("MATLAB", uint8(levels))
print("naive ", truncate_and_wrap(levels))

# %% [markdown]
# Does a fused image leave the range at all? Laplacian pyramids add details, so beside bright edges the sum
# may exceed 255.

# %%
a, b, truth = read_pair("astronaut_brick")
fused = 255 * laplacian_pyramid(a, b).image
stored, naive = uint8(fused), truncate_and_wrap(fused)
bytes_of_truth = im2uint8(truth)
print(f"levels from {fused.min():.1f} to {fused.max():.1f}")
print(f"{share_differing(stored, naive):.1f} % of the values differ")
for name, image in {"MATLAB": stored, "naive": naive}.items():
    print(f"{name:7}PSNR to the truth {psnr(image, bytes_of_truth):.2f} dB")
show({"uint8(255 * F)": im2double(stored), "truncated and wrapped": im2double(naive)}, columns=2)

# %% [markdown]
# Look at the lower right corner. Black has become white: the fused values were a little below 0 there, and are
# now nearly 255. On the helmet the bright reflections have black holes: those values were above 255, and began
# again at 0. Then look at the blue spots beside the head and the green ones on the flag: there only one of the
# three colour channels was below 0.
#
# Nobody would overlook that. The rest of the difference is invisible: a value that is not whole loses its
# decimals, so about half of all values are one level too dark.
#
# GFDF mixes the sources with weights from 0 to 1 and hardly leaves the range. Only the truncation is left:

# %%
fused = 255 * gfdf(a, b).image
stored, naive = uint8(fused), truncate_and_wrap(fused)
print(f"{share_differing(stored, naive):.1f} % of the values differ, by {(stored - naive).max()} at most")
for name, image in {"MATLAB": stored, "naive": naive}.items():
    print(f"{name:7}mean level {image.mean():.3f}, PSNR to the truth {psnr(image, bytes_of_truth):.2f} dB")

# %% [markdown]
# It is one value in six, not every second: where a pixel is taken whole from one source, the value is whole
# already. You would not see that, and PSNR hardly does. But whoever checks a port against published images
# finds one value in six wrong, and looks for the mistake in the method.
#
# **The right line:** `uint8(255 * F)` with `from matlab_compat import uint8`.

# %% [markdown]
# **Exercise 7.1.** What does MATLAB make of `uint8([-3 0.5 1.5 2.5 254.5 300])`? MATLAB rounds halves away
# from zero. Give a list of six numbers.

# %%
answer_7_1 = None
check("7.1", answer_7_1)

# %% tags=["hide-cell"]
# Solution: below 0 is 0; each half goes up, here away from zero; 254.5 gives 255; above 255 is 255.
check("7.1", uint8(np.array([-3, 0.5, 1.5, 2.5, 254.5, 300])))

# %% [markdown]
# ## 2. Which way halves go
#
# ```matlab
# y = round(x);
# ```
#
# ```python
# y = np.round(x)
# ```
#
# Both round to the nearest whole number. They differ where there are two nearest ones. MATLAB goes **away
# from zero**: 0.5 gives 1, 2.5 gives 3. numpy, and Python's own `round`, go **to the even one**: 0.5 gives
# 0, 2.5 gives 2, 3.5 gives 4.

# %%
halves = np.array([-1.5, -0.5, 0.5, 1.5, 2.5, 3.5])
print("x     ", halves)
print("MATLAB", round_half_away(halves))
print("numpy ", np.round(halves))

# %% [markdown]
# Exact halves seem rare. In images they are common: bytes are whole numbers, and every mean of two of them
# is whole or a half. Take the simplest fusion, the average $(A + B) / 2$ in gray levels.

# %%
a, b, truth = read_pair("cat_coffee")
mean = (im2uint8(a).astype(float) + im2uint8(b)) / 2
stored, naive = uint8(mean), np.round(mean).astype(np.uint8)
print(f"{100 * np.mean(mean % 1 == 0.5):.1f} % of the values are halves")
print(f"{share_differing(stored, naive):.1f} % differ")
print(f"mean level: exact {mean.mean():.3f}, MATLAB {stored.mean():.3f}, numpy {naive.mean():.3f}")
rows, columns = slice(60, 180), slice(90, 250)
differs = (stored != naive).mean(axis=2)
part_of_average = im2double(stored[rows, columns])
show({"the average, MATLAB": part_of_average, "where numpy differs": differs[rows, columns]}, columns=2)

# %% [markdown]
# Look at the right picture: white where all three channels differ, gray where one or two do. A half occurs at
# every second value, and every second of these goes the other way. The pattern follows no edge; it looks like
# noise.
#
# Halves to even has a merit: ups and downs cancel, so the mean level stays. MATLAB's rule makes an image of
# non-negative numbers brighter by a quarter of a level here. For quality neither matters:

# %%
bytes_of_truth = im2uint8(truth)
for name, image in {"MATLAB": stored, "numpy": naive}.items():
    print(f"{name:7}PSNR of the average {psnr(image, bytes_of_truth):.3f} dB")

# %% [markdown]
# For parity it matters: every fourth byte differs from MATLAB's. And it comes in at unexpected places,
# since functions round inside: `imresize` rounds twice, `rgb2gray` and `imfilter` once. In this project's
# check against stored MATLAB results of `imresize`, halves to even change 0.59 % of the bytes.
#
# **The right line:** `round_half_away(x)`, or for bytes `uint8(x)`, of `matlab_compat`.

# %% [markdown]
# **Exercise 7.2.** Take the ten numbers 0.5, 1.5, ..., 9.5. For how many of them do MATLAB's `round` and
# `np.round` disagree?

# %%
answer_7_2 = None
check("7.2", answer_7_2)

# %% tags=["hide-cell"]
# Solution: MATLAB always goes up; numpy goes down from 0.5, 2.5, 4.5, 6.5, 8.5: below them is an even one.
ten = np.arange(10) + 0.5
check("7.2", np.sum(round_half_away(ten) != np.round(ten)))

# %% [markdown]
# ## 3. Gray
#
# ```matlab
# gray = rgb2gray(image);
# ```
#
# ```python
# gray = skimage.color.rgb2gray(image)
# ```
#
# Both are weighted sums of red, green and blue; the weights say how bright each looks. MATLAB has those of
# the old television standard (NTSC), scikit-image those of a newer one (BT.709):
#
# | | red | green | blue |
# |---|---|---|---|
# | MATLAB | 0.2989 | 0.5870 | 0.1140 |
# | scikit-image | 0.2125 | 0.7154 | 0.0721 |
#
# Also, MATLAB keeps the class: bytes in, rounded bytes out. scikit-image returns doubles in $[0, 1]$.

# %%
a, b, truth = read_pair("rocket_cat")
image = im2uint8(truth)
gray, naive = rgb2gray(image), uint8(255 * color.rgb2gray(image))
difference = naive.astype(float) - gray
largest = np.abs(difference).max()
print(f"{share_differing(gray, naive):.1f} % of the values differ, by {largest:.0f} levels at most")
enlarged = 0.5 + difference / 10
show({"colour": truth, "gray, MATLAB": im2double(gray), "0.5 + (naive - MATLAB) / 10": enlarged}, width=12)

# %% [markdown]
# In the right picture gray is "equal" and dark is "the naive one is darker". It is darker in the reddish
# fur and lighter in the yellow-green eye. So the difference is no noise: it follows the colours.
#
# What it does to a result: PIQE is a quality score without a reference, 0 to 100, lower is better (lesson
# 5). It makes colour images gray first. We compute it of GFDF's fused image, once with each gray.

# %%
fused = im2uint8(gfdf(a, b).image)
right, wrong = piqe(rgb2gray(fused)).score, piqe(uint8(255 * color.rgb2gray(fused))).score
print(f"PIQE of the fused image: MATLAB's gray {right:.2f}, the other {wrong:.2f}: {wrong - right:+.2f}")
print("Table 1 of the paper prints 38.5 for the older method and 36.69 for the newer one: -1.81")

# %% [markdown]
# On this image the choice of the gray moves the score by more than the improvement that the paper's table
# prints.
#
# **The right line:** `rgb2gray(image)` of `matlab_compat`. OpenCV's `cvtColor` and Pillow's `convert("L")`
# use weights of three digits (0.299, 0.587, 0.114) and come near:

# %%
nearly = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
print(f"cv2.cvtColor: {share_differing(gray, nearly):.2f} % of the values differ, by 1")

# %% [markdown]
# Near is not equal: MATLAB's weights have fifteen digits. With the first four of them, as in the table
# above, the pixel (120, 119, 112) becomes 118; MATLAB says 119.

# %% [markdown]
# **Exercise 7.3.** Which gray level, a whole number, does MATLAB's `rgb2gray` give a pure green pixel, (0,
# 255, 0), of class `uint8`?

# %%
answer_7_3 = None
check("7.3", answer_7_3)

# %% tags=["hide-cell"]
# Solution: 0.5870 * 255 = 149.7, rounded. (scikit-image: 0.7154 * 255 = 182.4.)
check("7.3", rgb2gray(np.array([[[0, 255, 0]]], dtype=np.uint8))[0, 0])

# %% [markdown]
# ## 4. Making an image smaller
#
# ```matlab
# small = imresize(image, 0.5);
# ```
#
# ```python
# small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_CUBIC)
# ```
#
# Both are "bicubic": an output pixel is a weighted mean of input pixels near it, with weights from a cubic
# curve, the **kernel**. The difference is how wide the kernel is.
#
# If an image is halved, details finer than two pixels cannot be kept. They must be averaged away first;
# otherwise single pixels are picked out, and fine detail turns into false coarse patterns. This is
# **aliasing**. `imresize` stretches the kernel by the factor of the reduction, so that it averages
# (**antialiasing**, on by default). `cv2.resize` does not.

# %%
a, b, truth = (image[:258, :340] for image in read_pair("camera_grass"))  # even sides, to be halved
image = im2uint8(truth)


def halve_by_cv2(x: np.ndarray) -> np.ndarray:
    """The naive line."""
    return cv2.resize(x, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_CUBIC)


small, naive = imresize(image, 0.5), halve_by_cv2(image)
largest = np.abs(small.astype(int) - naive).max()
print(f"{share_differing(small, naive):.1f} % of the values differ, by {largest} levels at most")
part = slice(5, 60), slice(20, 95)
show(
    {
        "original": im2double(image[10:120, 40:190]),
        "imresize(image, 0.5)": im2double(small[part]),
        "cv2.resize, INTER_CUBIC": im2double(naive[part]),
    },
    width=12,
)

# %% [markdown]
# Look at the grass: in the right picture it is harsher, with single bright and dark pixels that follow no
# blade of grass. They were picked out, not averaged. The face, which has no such fine detail, is nearly the
# same in both.
#
# A pattern shows it better: stripes, finer and finer towards the right, until black and white alternate
# from pixel to pixel:

# %%
x = np.arange(400)
stripes = np.tile(0.5 + 0.5 * np.cos(np.pi * x**2 / 800), (60, 1))
bytes_of_stripes = im2uint8(stripes)
figure, axes = pyplot.subplots(3, 1, figsize=(10, 4.2), layout="constrained")
pictures = {
    "original, 400 pixels wide": bytes_of_stripes,
    "imresize(image, 0.5)": imresize(bytes_of_stripes, 0.5),
    "cv2.resize, INTER_CUBIC": halve_by_cv2(bytes_of_stripes),
}
for axis, (title, picture) in zip(axes, pictures.items(), strict=True):
    axis.imshow(picture, cmap="gray", vmin=0, vmax=255, aspect="auto", interpolation="nearest")
    axis.set_title(title, fontsize=10)
    axis.set_axis_off()
pyplot.show()

# %% [markdown]
# In the right half of the original the stripes are too fine for the small image. `imresize` lets them fade to
# an even gray, as it should. (Only its last column is dark: beyond the border `imresize` mirrors the image,
# and there black does not alternate with white.) In the naive result they come back as stripes that become
# wider towards the right, which are not in the original.
#
# What it does to a result: suppose a study halves its pairs before it fuses them, to save time. The same
# method, once on pairs halved by each function:

# %%
for name, halve in {"imresize": lambda image: imresize(image, 0.5), "cv2.resize": halve_by_cv2}.items():
    half_a, half_b, half_truth = (halve(im2uint8(one)) for one in (a, b, truth))
    fused = im2uint8(gfdf(im2double(half_a), im2double(half_b)).image)
    print(f"GFDF on pairs halved by {name:10}: PSNR {psnr(fused, half_truth):.2f} dB")

# %% [markdown]
# Several decibels, from a line that is not even part of the method. Where a method takes the wrong source,
# its error is the difference of $A$ and $B$. That difference is larger between single pixels than between
# averages of pixels.
#
# **The right line:** `imresize(image, 0.5)` of `matlab_compat`. Pillow's `resize(..., BICUBIC)` antialiases
# too and comes near, but rounds otherwise: in [this comparison](../speed.md) 81 % of its bytes are equal to ours.
# `imresize` goes along one dimension first, rounds to bytes, and then along the other, and rounds again.

# %% [markdown]
# **Exercise 7.4.** MATLAB's cubic kernel is 4 input pixels wide when an image is enlarged. How many input
# pixels have a part in one output pixel, along one dimension, when it is halved with antialiasing?

# %%
answer_7_4 = None
check("7.4", answer_7_4)

# %% tags=["hide-cell"]
# Solution: the kernel is stretched by 2, to 8 pixels. In row i of the unit matrix only pixel i
# is bright. Halved, its pixel 16 is the weight that input pixel i has in output pixel 16.
weights = imresize(np.eye(64), [64, 32])[:, 16]
print(weights[weights != 0].round(4))
check("7.4", np.count_nonzero(weights))

# %% [markdown]
# ## 5. SSIM
#
# ```matlab
# value = ssim(F, T);
# ```
#
# ```python
# value = skimage.metrics.structural_similarity(F, T)
# ```
#
# $F$ is the fused image, $T$ the truth. SSIM compares two images $x$ and $y$ window by window (lesson 5):
#
# $$\mathrm{SSIM} =
# \frac{(2 \mu_x \mu_y + C_1)(2 \sigma_{xy} + C_2)}{(\mu_x^2 + \mu_y^2 + C_1)(\sigma_x^2 + \sigma_y^2 + C_2)},
# \qquad C_1 = (0.01\, L)^2,\quad C_2 = (0.03\, L)^2,$$
#
# with the means $\mu$, variances $\sigma^2$ and covariance $\sigma_{xy}$ in the window, and $L$ the dynamic
# range, the distance from black to white. The result is the mean over all windows. The formula is the same
# in both; the defaults are not:
#
# | | MATLAB | scikit-image |
# |---|---|---|
# | window | Gaussian, standard deviation 1.5, 11 x 11 | all weights equal, 7 x 7 |
# | variance | divided by $N$ | divided by $N - 1$ |
# | border | counted, edge pixels repeated | 3 pixels left out |
# | $L$ for bytes | 255 | 255 |
# | $L$ for doubles | 1 | must be given |
# | colour image | one volume, blurred across its channels too | needs `channel_axis`, then the mean of three |

# %%
a, b, truth = read_pair("coffee_gravel")
bytes_of_truth = im2uint8(truth)
fused = im2uint8(gfdf(a, b).image)
x, y = rgb2gray(fused), rgb2gray(bytes_of_truth)
matlab = ssim(x, y)
value, map_of_naive = structural_similarity(x, y, full=True)
print(f"gray: MATLAB {matlab.ssimval:.4f}, naive {value:.4f}")
show(
    {
        "fused": im2double(fused),
        "SSIM map, MATLAB": matlab.ssimmap,
        "5 |difference of the maps|": 5 * np.abs(matlab.ssimmap - map_of_naive),
    },
    width=12,
)

# %% [markdown]
# Look at the middle picture: white is "equal to the truth"; along the outline of the cup it is not. Then look at
# the right one: the two definitions disagree in the same places, since the windows differ there.
#
# A difference of less than a thousandth in the mean seems small, but methods are compared by such differences:
# here are three of them, and the cases that give quite another number.

# %%
pyramid, average = im2uint8(laplacian_pyramid(a, b).image), uint8(255 * (a + b) / 2)
print("            MATLAB    naive")
for name, result in {"GFDF": fused, "pyramid": pyramid, "average": average}.items():
    gray = rgb2gray(result)
    print(f"{name:10}{ssim(gray, y).ssimval:8.4f} {structural_similarity(gray, y):8.4f}")
print("\nGFDF, other calls:")
by_channel = ssim(fused, bytes_of_truth, data_format="SSC").ssimval.mean()
naive_colour = structural_similarity(fused, bytes_of_truth, channel_axis=2)
print(f"doubles 0 to 255 in MATLAB (L = 1)     {ssim(x.astype(float), y.astype(float)).ssimval:.4f}")
print(f"colour in MATLAB, as a volume          {ssim(fused, bytes_of_truth).ssimval:.4f}")
print(f"colour in MATLAB, channel by channel   {by_channel:.4f}")
print(f"colour in scikit-image                 {naive_colour:.4f}")

# %% [markdown]
# The gap between GFDF and the pyramid is not the same in both columns: it is the definition that decides
# about the third decimal. And the SSIM of "the same" two images is another number for each call. (The call
# with doubles from 0 to 255 is how Table 1 of the paper comes to 0.67: lesson 6.)
#
# **The right line:** `ssim(x, y)` of `matlab_compat`, on bytes, or on doubles in $[0, 1]$. scikit-image can
# be told to come near:

# %%
options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
nearly = structural_similarity(x, y, **options)
print(f"MATLAB {matlab.ssimval:.6f}, scikit-image with all options {nearly:.6f}")

# %% [markdown]
# What is left is the border, which scikit-image leaves out.

# %% [markdown]
# **Exercise 7.5.** MATLAB's window is as wide as three standard deviations to each side, rounded up, and
# the pixel itself: $2 \lceil 3 \cdot 1.5 \rceil + 1 = 11$. How wide is it for a standard deviation of 2?
# (The option is called `radius`.)

# %%
answer_7_5 = None
check("7.5", answer_7_5)

# %% tags=["hide-cell"]
# Solution: 2 * 6 + 1. Checked by changing one pixel: the map changes where a window holds it.
flat = np.full((41, 41), 100, dtype=np.uint8)
changed = flat.copy()
changed[20, 20] = 255
map_of_change = ssim(changed, flat, radius=2).ssimmap
check("7.5", np.count_nonzero(map_of_change[20] < 1))

# %% [markdown]
# ## All in one study
#
# A small study: halve a pair, fuse it with GFDF, store the result, make it gray, score it. We begin with
# MATLAB's definitions and put in one naive line after the other. (Line 2, rounding, is left out: the naive
# cast does not round at all.)


# %%
def study(halve: Callable, cast: Callable, to_gray: Callable, similarity: Callable) -> tuple[float, float, float]:
    """PSNR, SSIM and PIQE of one fused pair, with the lines given."""
    small_a, small_b, small_truth = (halve(im2uint8(one[:258, :340])) for one in read_pair("rocket_cat"))
    result = cast(255 * gfdf(im2double(small_a), im2double(small_b)).image)
    gray, gray_truth = to_gray(result), to_gray(small_truth)
    return psnr(result, small_truth), similarity(gray, gray_truth), piqe(gray).score


lines = {
    "halve": lambda image: imresize(image, 0.5),
    "cast": uint8,
    "to_gray": rgb2gray,
    "similarity": lambda x, y: ssim(x, y).ssimval,
}
naive_lines = {
    "halve": halve_by_cv2,
    "cast": truncate_and_wrap,
    "to_gray": lambda image: uint8(255 * color.rgb2gray(image)),
    "similarity": structural_similarity,
}
table = [("all as MATLAB", study(**lines))]
for name, line in naive_lines.items():
    lines[name] = line
    table.append((f"and naive: {name}", study(**lines)))
print(f"{'':24}    PSNR    SSIM    PIQE")
for name, values in table:
    print(f"{name:24}" + "{:8.2f}{:8.4f}{:8.2f}".format(*values))

# %% [markdown]
# Each row has one naive line more than the row above it. The method never changed, and neither did the
# photographs. Compare the first row with the last: a reader who sees them in two papers would take them for
# two methods.
#
# Then look at the column PIQE alone. The halving raises it and the cast lowers it again, to within one point of
# the first row. So a final number near the right one does not prove that the lines are right: two mistakes may
# hide each other.

# %% [markdown]
# ## How to find such a line
#
# - **Try the corners.** Feed a function halves, values out of range, a flat image, an even and an odd size,
#   each class. One line of printed MATLAB output from its documentation is often enough to tell two
#   definitions apart.
# - **Compare step by step, not at the end.** The first step that differs is the one to look at.
#   `parfocal conform` does that for a whole port, with stored arrays of every step:
#   [docs/porting.md](../porting.md).
# - **Look at the difference as a picture.** Noise all over: rounding. A frame: the border rule. Along
#   edges: a kernel or a window. Along colours: the gray.
#
# Five more to know of, without pictures:
#
# | MATLAB | naive Python | what differs |
# |---|---|---|
# | `conv2(A, K, 'same')` | `scipy.signal.convolve2d(A, K, 'same')` | shifted by a pixel if `K` has even sides |
# | `imfilter(A, K)` | `scipy.ndimage.convolve(A, K)` | MATLAB does not flip `K`, and pads with zeros |
# | `impyramid(A, 'reduce')` | `cv2.pyrDown(A)` | borders, and the rounding after each dimension |
# | `std(x)` | `np.std(x)` | divided by $N - 1$ in MATLAB, by $N$ in numpy |
# | `A(:)`, `bwlabel` | `A.ravel()`, `label` | MATLAB goes down the columns first, numpy along the rows |

# %% [markdown]
# ## What to remember
#
# - The same name is not the same definition: casts, halves, gray weights, resizing and SSIM all differ
#   between MATLAB and the usual Python packages.
# - Some differences are one level and matter only for parity; others are decibels. Measure, do not guess.
# - State which definition a number follows. Then it can be compared, whatever the language.

# %% [markdown]
# ## Where it is in the code
#
# - [matlab_compat](../../matlab_compat): one MATLAB function per file, among them
#   [uint8.py](../../matlab_compat/uint8.py), [round_half_away](../../matlab_compat/rounding.py),
#   [rgb2gray.py](../../matlab_compat/rgb2gray.py), [imresize.py](../../matlab_compat/imresize.py),
#   [ssim.py](../../matlab_compat/ssim.py);
# - [DIFFERENCES.md](../../matlab_compat/DIFFERENCES.md): what each was checked against, and to which digit;
#   [speed.md](../speed.md): other packages beside ours;
# - [gfdf.py](../../reference/methods/gfdf.py): the method of this lesson, whose published MATLAB results
#   come out to the bit for 14 of 15 pairs.
