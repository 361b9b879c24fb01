# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# 6. Reproduce Table 1 yourself

What you will learn:

- how to find out by which definition a printed number was computed, when the paper does not say;
- why PSNR against one of the sources grows with every pixel copied from that source, whatever the picture
  looks like;
- what one may conclude from a table that could be reproduced in part, and what not.

It takes about 75 minutes. You need to know Python and that an image is an array of numbers. PSNR, SSIM,
entropy and PIQE are explained in lesson 5; one line on each is repeated here.
"""

# %%
from dataclasses import replace

import numpy as np
from lesson import check, show
from matplotlib import pyplot
from parfocal import PAPER, fuse, load_network, read_image

from matlab_compat import im2double, im2uint8, rgb2gray
from matlab_compat import ssim as ssim_with_map
from reference.audit.protocols import Images
from reference.audit.search import of_images
from reference.datasets.pairs import embedded_pairs, fetched_pairs
from reference.experiments.baseline import recorded_evaluation
from reference.experiments.lytro import columns
from reference.methods.baselines import average
from reference.metrics.truth import psnr, ssim
from reference.report.table_1 import PRINTED

# %% [markdown]
# ## What is printed
#
# Multi-focus fusion takes two photographs of one scene, the **sources** $A$ and $B$, each sharp somewhere
# else, and makes one **fused image** $F$ that is sharp everywhere. The paper that this project implements
# (Ayub et al.) extends a method of Liu et al. (2017): a neural network looks at both sources and gives a
# **decision map** $D$, 1 where $A$ is sharp and 0 where $B$ is. The fused image is
#
# $$F = D\, A + (1 - D)\, B$$
#
# at every pixel. Table 1 of the paper compares the older method ("Yu Liu et al.") with the new one
# ("Enhance model"), on one pair of photographs called Children.

# %%
NAMES = {"piqe": "PIQE", "psnr": "PSNR", "ssim": "SSIM", "entropy": "entropy"}
print(f"{'':16}" + "".join(f"{name:>9}" for name in NAMES.values()))
for row, values in PRINTED.items():
    print(f"{row:16}" + "".join(f"{value:>9}" for value in values.values()))
liu, enhanced = (float(values["piqe"]) for values in PRINTED.values())
print(f"\nPIQE is lower by {100 * (liu - enhanced) / liu:.2f} %")

# %% [markdown]
# The columns, in one line each:
#
# - **PIQE**: judges an image without any other, by smooth or noisy blocks; 0 is best, 100 is worst;
# - **PSNR**: error against another image, in decibels (dB); higher is better; infinite for equal images;
# - **SSIM**: similarity to another image, window by window; 1 for equal images;
# - **entropy**: how evenly the gray levels are used, in bits; 0 to 8.
#
# The 4.70 % is also in the abstract of the paper: it follows from the two printed PIQE values.

# %% [markdown]
# **Exercise 6.1.** $\mathrm{PSNR} = 10 \log_{10}(255^2 / \mathrm{MSE})$, where MSE is the mean squared
# error. By which factor is the MSE behind 29.61 dB larger than that behind 30.29 dB?

# %%
answer_6_1 = None
check("6.1", answer_6_1)

# %% tags=["hide-cell"]
# Solution: the difference of two PSNRs is 10 log10 of the quotient of their MSEs.
first, second = (float(values["psnr"]) for values in PRINTED.values())
check("6.1", 10 ** ((second - first) / 10))

# %% [markdown]
# About 15 % less squared error is a clear gain, if it is an error that is measured. So: against what?

# %% [markdown]
# ## What the table does not say
#
# PSNR and SSIM need a second image. Children is a pair of real photographs, and nobody has the scene sharp
# everywhere. The paper does not say what stands in for it, nor whether colour or gray images were compared,
# nor in which range of values. Each choice gives another number.
#
# One thing helps: Liu published his fused image of this very pair, and presumably the row "Yu Liu et al."
# was computed from it. So that row can be checked without any network: compute each column in every way one
# can think of, and see which way gives the printed value.

# %% [markdown]
# ## The images
#
# Children may not be passed on with this project. `parfocal fetch children` downloads it to your machine.
# If it is there, this lesson computes with it; if not, it takes every step with a pair that ships with the
# project, and shows beside it what was found on Children. In the code `fuse` does all steps of the method, with
# the paper's parameters, `PAPER` (lesson 4).

# %%
network = load_network("small")
scored = {}


class SmallNetwork:
    """The small network; it scores each pair only once, since what this lesson changes comes after it."""

    levels = network.levels

    def __call__(self, pyramid_a: tuple, pyramid_b: tuple) -> np.ndarray:
        """Scores of a pair, computed or remembered."""
        pair_of_grays = pyramid_a[0].tobytes(), pyramid_b[0].tobytes()
        if pair_of_grays not in scored:
            scored[pair_of_grays] = network(pyramid_a, pyramid_b)
        return scored[pair_of_grays]


small_network = SmallNetwork()
here = {pair.name: pair for pair in [*embedded_pairs(), *fetched_pairs()]}
has_children = "children" in here
pair = here["children" if has_children else "coffee_gravel"]

image_a, image_b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
if pair.published:
    result = im2uint8(read_image(pair.published).pixels)  # Liu's own
else:
    result = im2uint8(fuse(image_a, image_b, small_network).image)
print(f"Pair: {pair.name}. Fused image: {'published by Liu' if pair.published else 'by our small network'}.")
if not has_children:
    print("Children is not on this machine. To compute with it: parfocal fetch children")
# Do not publish this page if it shows Children.
show({f"{pair.name}, A": image_a, f"{pair.name}, B": image_b, "fused": im2double(result)}, width=12)

# %% [markdown]
# Look at what is sharp in $A$ and what in $B$, and that both are sharp in the fused image.

# %% [markdown]
# ## The search
#
# `of_images` computes the candidates: PSNR and SSIM against $A$, against $B$, against the mean of $A$ and
# $B$, and the mean of the values against $A$ and $B$; of gray images and of colour; with values 0 to 255 or
# 0 to 1; PIQE of the image, of its channels, and after storing it as JPEG; and all of images that are cut,
# padded or resized. `parfocal audit` does the same for the table of any paper.
#
# "uint8" and "double" are MATLAB's names for bytes and for floating point numbers. The class decides the
# **peak**, which PSNR takes for the largest possible value, and the **range**, which SSIM takes for the
# distance from black to white: 255 for uint8, 1 for double. MATLAB's `ssim` takes a colour image as a
# volume: as one block of three layers.

# %%
found = of_images(Images(result, im2uint8(image_a), im2uint8(image_b)), set(NAMES))
print(f"{len(found)} candidates")

# What `of_images` gives for Liu's published image of Children: a part of it.
ON_CHILDREN = {
    ("psnr", "against A, gray, uint8"): 24.4982,
    ("psnr", "against B, gray, uint8"): 29.5932,
    ("psnr", "against B, gray, double in [0, 1]"): 29.5923,
    ("psnr", "against B, gray, double 0 to 255"): -18.5376,
    ("psnr", "against B, colour, uint8"): 29.3910,
    ("psnr", "against the mean image of A and B, gray, uint8"): 29.3876,
    ("psnr", "mean of those against A and against B, gray, uint8"): 27.0457,
    ("ssim", "against A, gray, uint8"): 0.8236,
    ("ssim", "against A, gray, double 0 to 255"): 0.6914,
    ("ssim", "against B, gray, uint8"): 0.8371,
    ("ssim", "against B, gray, double 0 to 255"): 0.6722,
    ("ssim", "against B, gray, double in [0, 1]"): 0.8370,
    ("ssim", "against B, colour, uint8"): 0.9639,
    ("ssim", "against the mean image of A and B, gray, uint8"): 0.9182,
    ("ssim", "mean of those against A and against B, gray, uint8"): 0.8303,
    ("entropy", "of the gray, uint8, 256 bins"): 7.5386,
    ("entropy", "of all values of R, G and B"): 7.7723,
    ("entropy", "mean over R, G, B"): 7.6293,
    ("piqe", "of the fused image as it is"): 35.5590,
    ("piqe", "of its R"): 37.3880,
    ("piqe", "of its G"): 34.0829,
    ("piqe", "of it after JPEG of quality 30"): 43.6592,
    ("piqe", "of it after JPEG of quality 80"): 37.4427,
    ("piqe", "of it after JPEG of quality 90"): 34.8103,
    ("piqe", "of source A"): 38.7478,
    ("piqe", "of source B"): 34.8399,
}
BASELINE = PRINTED["Yu Liu et al."]  # as texts: their digits count
print(f"{'':73}{'printed':>9}{'Children':>10}{'here':>10}")
for (column, way), value in ON_CHILDREN.items():
    decimals = len(BASELINE[column].partition(".")[2])
    agrees = "<- agrees" if f"{value:.{decimals}f}" == BASELINE[column] else ""
    numbers = f"{BASELINE[column]:>9}{value:10.4f}{found[f'{column}: {way}']:10.4f}"
    print(f"{NAMES[column]:8}{way:65}{numbers}  {agrees}")

# %% [markdown]
# Read the column "Children" against the column "printed". ("Here" is the same computation on your machine,
# of the fused image above. It equals "Children" if you have fetched that pair; otherwise it shows how far
# the candidates lie apart on another pair.)
#
# The PSNR of -18.5 dB is no slip: for numbers of class `double` MATLAB's `psnr` expects values up to 1 and
# takes 1 as the peak, even where they go up to 255.

# %%
figure, panels = pyplot.subplots(2, 2, figsize=(12, 5.2), layout="constrained")
for axes, column in zip(panels.flat, NAMES, strict=True):
    of_column = {way: value for (name, way), value in ON_CHILDREN.items() if name == column and value > 0}
    places = -np.arange(len(of_column))
    axes.scatter(of_column.values(), places, s=35)
    axes.axvline(float(BASELINE[column]), color="crimson", linewidth=1.2)
    axes.set_yticks(places, [way.replace("those against A and against B", "both") for way in of_column])
    axes.tick_params(axis="y", labelsize=8)
    axes.grid(alpha=0.3, axis="y")
    axes.margins(0.1)
    axes.set_title(f"{NAMES[column]} on Children; red: printed, {BASELINE[column]}", fontsize=10)
pyplot.show()

# %% [markdown]
# Every dot is a candidate of the table above (without the PSNR of -18.5 dB); the red line is the printed
# value. A dot need not lie on the line to agree: a printed 0.67 stands for anything from 0.665 to 0.675, and a
# printed 7.5 for anything from 7.45 to 7.55.
#
# - **SSIM and entropy**: one candidate each agrees in all printed digits.
# - **PSNR**: the nearest candidates, gray against $B$, give 29.59. Printed is 29.61: near, but not equal.
# - **PIQE**: no candidate gives 38.5, neither of the published image nor of a changed one.

# %% [markdown]
# ## How sure is that?
#
# With some sixty candidates one may agree by chance: two digits of an SSIM say little. What makes the
# finding believable is that the columns tell the same story. PSNR is near the printed value for $B$ and 5
# dB away for $A$; and the SSIM that agrees is of the same gray images, against the same $B$.
#
# That SSIM also has an everyday cause. It is what MATLAB gives for gray levels from 0 to 255 that are
# stored as `double`:
#
# ```matlab
# ssim(double(rgb2gray(F)), double(rgb2gray(B)))
# ```
#
# For `uint8` MATLAB takes 255 as the **dynamic range** $L$, the distance from black to white. For `double`
# it takes 1, because doubles are expected in $[0, 1]$; values up to 255 do not change that. SSIM has two
# constants, $C_1 = (0.01 L)^2$ and $C_2 = (0.03 L)^2$, which keep it calm in windows that are nearly flat.

# %% [markdown]
# **Exercise 6.2.** By which factor is $C_2$ smaller for $L = 1$ than for $L = 255$?

# %%
answer_6_2 = None
check("6.2", answer_6_2)

# %% tags=["hide-cell"]
# Solution: L is squared.
check("6.2", (0.03 * 255) ** 2 / (0.03 * 1) ** 2)

# %%
gray, gray_b = rgb2gray(result), rgb2gray(im2uint8(image_b))
as_bytes = ssim_with_map(gray, gray_b)
as_doubles = ssim_with_map(gray.astype(float), gray_b.astype(float))
show(
    {
        "gray": im2double(gray),
        f"as uint8, L = 255: {as_bytes.ssimval:.3f}": as_bytes.ssimmap,
        f"as double, L = 1: {as_doubles.ssimval:.3f}": as_doubles.ssimmap,
    },
    width=12,
)

# %% [markdown]
# SSIM maps of the fused image against $B$: white is "equal". Nothing differs between the second and the
# third picture but the class of the numbers. Where both images are smooth, differences too small to see
# count in full when $L = 1$, and the map is darker.
#
# In both maps the dark part is the part that was taken from $A$: exactly what fusion is for.

# %% [markdown]
# ## Why copying B pays
#
# Take the fusion formula and subtract $B$ on both sides:
#
# $$F - B = D A + (1 - D) B - B = D\,(A - B) .$$
#
# So the mean squared error against $B$ (before anything is rounded) is
#
# $$\mathrm{MSE}(F, B) = \text{mean of } D^2 (A - B)^2 .$$
#
# The true scene does not appear in it. The only thing a method can do for this number is to make $D$ small
# where $A$ and $B$ differ, that is, to take more from $B$; with $D = 0$ everywhere, a copy of $B$, PSNR is
# infinite.
#
# We check this on a pair of which the truth is known, and stay with it for the next steps. Its truth $T$,
# the scene sharp everywhere, is known because the pair was computed: a cup in front of gravel, and a model
# of a lens.

# %%
known = here["coffee_gravel"]
a, b, truth = (read_image(path).pixels for path in (known.image_a, known.image_b, known.truth))
stored_b, stored_truth = im2uint8(b), im2uint8(truth)
fused = fuse(a, b, small_network)
D = fused.decision_map[..., np.newaxis]
distance = np.abs(a - b).mean(axis=2)
print(f"MSE(F, B)             {np.mean((fused.image - b) ** 2):.10f}")
print(f"mean of D^2 (A - B)^2 {np.mean(D**2 * (a - b) ** 2):.10f}")
seen = fused.decision_map * distance
pictures = {"B": b, "decision map D": fused.decision_map, "4 |A - B|": 4 * distance, "4 D |A - B|": 4 * seen}
show(pictures, columns=4, width=12)

# %% [markdown]
# Look at the last picture: without the factor 4, squared and averaged, it is all that PSNR against $B$ sees: the
# part that was rightly taken from $A$, the sharp cup.

# %% [markdown]
# **Exercise 6.3.** Somebody halves the decision map everywhere, $D' = D / 2$. By how many dB does the PSNR
# against $B$ rise?

# %%
answer_6_3 = None
check("6.3", answer_6_3)

# %% tags=["hide-cell"]
# Solution: D^2 becomes a quarter, and so does the MSE: 10 log10(4) dB.
whole, half = (np.mean(d**2 * (a - b) ** 2) for d in (D, D / 2))
check("6.3", 10 * np.log10(whole / half))

# %% [markdown]
# ## A knob that favours B
#
# The network first gives a **focus map** with values between 0 and 1: 1 says $A$, 0 says $B$. Cut at one
# half and cleaned, it becomes the decision map. Before it is cut, the paper pools it: every pixel takes the
# maximum, or a mixture of maximum and mean, over a **window** around it. The size of the window is not
# given, and which source the maximum favours depends on how one of its sentences is read. In this project a
# window of 1 pixel is the default, which changes nothing.
#
# Here we turn the knob: the maximum of $1 - \text{focus map}$ over larger windows (`pool_side="b"`). Each
# pixel near to $B$'s ground then becomes $B$'s, and the larger the window, the more is taken from $B$.

# %%
biased = {}
for window in (1, 9, 17, 33):
    parameters = replace(PAPER, pool_window=window, pool_p=1.0, pool_side="b")
    biased[window] = fuse(a, b, small_network, parameters)
show({f"D, window {window}": one.decision_map for window, one in biased.items()}, columns=4, width=12)
rows, cols = slice(60, 200), slice(90, 280)
parts = {f"fused, window {window}": one.image[rows, cols] for window, one in biased.items()}
show(parts, columns=4, width=12)

# %% [markdown]
# Upper row: the decision maps; white is taken from $A$. The white part shrinks. Lower row: a part of the
# fused images. Look at the rim of the cup: with larger windows a blurred seam grows inwards.

# %%
stored = {window: im2uint8(one.image) for window, one in biased.items()}
from_b = {window: float(np.mean(1 - one.decision_map)) for window, one in biased.items()}
against_b = {window: columns(image, stored_b) for window, image in stored.items()}  # the four of Table 1
print("window  share from B    PSNR to B  SSIM to B    PSNR to truth  SSIM to truth")
for window, image in stored.items():
    table_1 = against_b[window]
    print(
        f"{window:6}{from_b[window]:14.3f}{table_1['psnr']:13.2f}{table_1['ssim']:11.3f}"
        f"{psnr(image, stored_truth):17.2f}{ssim(image, stored_truth):15.4f}"
    )

# %%
figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
shares = list(from_b.values())
left.plot(shares, [one["psnr"] for one in against_b.values()], "o-", label="against source B")
psnr_to_truth = [psnr(image, stored_truth) for image in stored.values()]
ssim_to_truth = [ssim(image, stored_truth) for image in stored.values()]
left.plot(shares, psnr_to_truth, "s-", label="against the truth")
left.set_ylabel("PSNR, dB")
right.plot(shares, [one["ssim"] for one in against_b.values()], "o-", label="against source B (L = 1)")
right.plot(shares, ssim_to_truth, "s-", label="against the truth (L = 255)")
right.set_ylabel("SSIM")
for axes in (left, right):
    axes.set_xlabel("share of the image taken from B")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
pyplot.show()

# %% [markdown]
# One and the same four images. Against $B$ (blue) both columns of Table 1 rise, as if each image were
# better than the one before. Against the truth (orange) both fall. The blue numbers do not measure quality:
# they measure how much was copied.

# %% [markdown]
# **Exercise 6.4.** On this pair, coffee_gravel: with a very large window everything is taken from $B$. What is
# then the PSNR against the truth, in dB, in colour? (One line of code finds it, from `stored_b` and
# `stored_truth`; no fusion is needed.)

# %%
answer_6_4 = None
check("6.4", answer_6_4)

# %% tags=["hide-cell"]
# Solution: the fused image is then B itself: it is the PSNR of B against the truth.
check("6.4", psnr(stored_b, stored_truth))

# %% [markdown]
# ## The same curve on Children
#
# The same windows were tried on Children, for the map of $B$ and for that of $A$. The project keeps these
# numbers with its weights (`data/weights/evaluation.json`), so they can be shown without the pair: under "D5",
# the number that the decision on pooling has in the list of what the paper leaves open. With the pair, two of
# them are computed again.

# %%
record = recorded_evaluation()["children"]["small"]
curve = [record[f"D5: window {window}, p 1, side a"] for window in (33, 17, 9, 3)]
curve += [record["paper"]] + [record[f"D5: window {window}, p 1, side b"] for window in (3, 9, 17, 33)]
labels = ["A, 33", "A, 17", "A, 9", "A, 3", "no pooling", "B, 3", "B, 9", "B, 17", "B, 33"]

print("Children, small network   PIQE    PSNR    SSIM  entropy   (recorded)")
for label, row in zip(labels, curve, strict=True):
    print(f"{label:20}{row['piqe']:10.2f}{row['psnr']:8.2f}{row['ssim']:8.3f}{row['entropy']:9.2f}")
if has_children:
    print("computed here:")
    for window in (1, 33):
        parameters = replace(PAPER, pool_window=window, pool_p=1.0, pool_side="b")
        row = columns(im2uint8(fuse(image_a, image_b, small_network, parameters).image), im2uint8(image_b))
        label = "no pooling" if window == 1 else f"B, {window}"
        print(f"{label:20}{row['piqe']:10.2f}{row['psnr']:8.2f}{row['ssim']:8.3f}{row['entropy']:9.2f}")

# %%
figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
offsets = {("B, 17", "ssim"): (-34, 7), ("no pooling", "ssim"): (-68, 6), ("B, 17", "piqe"): (8, 4)}
for axes, column in ((left, "ssim"), (right, "piqe")):
    x, y = [row["psnr"] for row in curve], [row[column] for row in curve]
    axes.plot(x, y, "o-", color="tab:blue", label="our small network, pooled")
    for label, at_x, at_y in zip(labels, x, y, strict=True):
        if label in ("A, 33", "no pooling", "B, 17", "B, 33"):
            offset = offsets.get((label, column), (8, -15))
            axes.annotate(label, (at_x, at_y), offset, textcoords="offset points", fontsize=9)
    for (name, printed), marker in zip(PRINTED.items(), "sX", strict=True):
        place = float(printed["psnr"]), float(printed[column])
        axes.plot(*place, marker, color="crimson", markersize=9, label=f"printed: {name}")
    axes.set_xlabel("PSNR to B, dB")
    axes.grid(alpha=0.3)
    axes.margins(0.15)
left.set_ylabel("SSIM to B")
right.set_ylabel("PIQE")
left.legend(fontsize=8)
pyplot.show()

# %% [markdown]
# Blue: one network, one method; only the bias towards $A$ (left end) or towards $B$ (right end) changes.
# Red: the two printed rows.
#
# - Left panel: the printed row of the older method lies on the blue curve, as nearly as it can with two
#   digits; that of the newer one lies about 0.01 below it. From the one to the other is a step in the direction
#   of the curve, towards $B$.
# - Right panel: both printed points lie above the curve, that of the older method by more than 2.
#
# The printed gain is +0.68 dB in PSNR and +0.01 in SSIM. From "no pooling" to "B, 17" our map gains +0.48 dB and
# +0.011, by nothing but favouring $B$. That does not prove that the printed gain was made that way: the authors
# published neither code nor weights nor their fused image, and other images have these values too. It does
# show that such a gain tells nothing about sharpness.

# %% [markdown]
# ## A table that can show something
#
# Now the table as it could be, on the pair of known truth: the same four columns, two more against the
# truth, and three rows for which we know what is right: a copy of $B$, the plain average $(A + B)/2$, and
# the truth.

# %%
table_rows = {
    "copy of B": stored_b,
    "average": im2uint8(average(a, b).image),
    "network": stored[1],
    "network, B favoured (17)": stored[17],
    "network, B favoured (33)": stored[33],
    "the truth": stored_truth,
}
lines = [f"{'':26}{'PIQE':>8}{'PSNR':>8}{'SSIM':>8}{'entropy':>9}{'PSNR':>12}{'SSIM':>10}"]
lines += [f"{'':34}{'to B':>8}{'to B':>8}{'':9}{'to truth':>12}{'to truth':>10}"]
for name, image in table_rows.items():
    row = columns(image, stored_b)
    to_b = f"{row['piqe']:8.2f}{row['psnr']:8.2f}{row['ssim']:8.3f}{row['entropy']:9.2f}"
    lines += [f"{name:26}{to_b}{psnr(image, stored_truth):12.2f}{ssim(image, stored_truth):10.3f}"]
print("\n".join(lines))

# %% [markdown]
# Against $B$ gray images are compared, as was found above. Against the truth PSNR compares all three colours, and
# SSIM gray images with $L = 255$.
#
# Read the columns "to B" from above: a copy of $B$ is perfect, and the truth is at the end with the
# average. Read the columns "to truth": the network's three rows come in the reverse order. Entropy differs
# by a few hundredths between all but the average. PIQE puts the copy of $B$, which is half blurred, within
# one point of the truth.

# %% [markdown]
# ## What may be concluded
#
# | claim | what was found |
# |---|---|
# | SSIM 0.67 and entropy 7.5 of "Yu Liu et al." | reproduced from Liu's published image, under one definition |
# | PSNR 29.61 of "Yu Liu et al." | 29.59 under the same definition: near, not equal |
# | PIQE 38.5 of "Yu Liu et al." | not reproduced: 35.56, and no other way tried gives it |
# | the row "Enhance model" | cannot be checked: no image, weights or code were published |
# | 4.70 % better PIQE | follows from the printed values; these were not reproduced |
# | "better" by PSNR and SSIM | nearer to $B$; says nothing about sharpness |
#
# A number that cannot be reproduced is not thereby wrong: it means that the paper does not say enough to
# get it.
#
# `parfocal reproduce --out results` does all of this, and more, and writes a report; with
# `parfocal fetch children liu_weights` before it, on Children too.

# %% [markdown]
# ## What to remember
#
# - A printed PSNR or SSIM means nothing without its reference, its range of values and its definition. If
#   they are missing, search for them with an image that is public.
# - $F - B = D(A - B)$: against a source, the best fusion is no fusion.
# - "Reproduced", "differs", "cannot be checked" are three different findings. Report each as what it is.

# %% [markdown]
# ## Where it is in the code
#
# - [experiments/lytro.py](../../reference/experiments/lytro.py): the four columns under the definition
#   found; [audit/protocols.py](../../reference/audit/protocols.py): the candidates;
# - [bias](../../reference/report/table_1.py): the curve;
#   [mixed_pooling.py](../../reference/steps/step_5_mixed_pooling.py): the step behind the knob;
# - [report/table_1.py](../../reference/report/table_1.py): what is printed, and the same with truth;
#   [report/claims.toml](../../reference/report/claims.toml): every claim, with the status that is
#   recorded;
# - [DECISIONS.md](../../reference/DECISIONS.md): where the paper is silent, and what was decided (D1, D5
#   and D14 concern this lesson).
