# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# 1. Depth of field: why one photograph is not enough

What you will learn:

- why a lens draws only one distance sharply, and how blurred the others become;
- how to make two photographs of one scene, focused at different distances, from a picture and a depth map;
- what it means to fuse the two, and how to measure whether it worked.

It takes about 45 minutes. You need to know Python and that an image is an array of numbers.
"""

# %%
from itertools import pairwise

import numpy as np
from lesson import check, show
from matplotlib import pyplot
from parfocal import fuse, load_network, read_image

from matlab_compat import im2uint8
from reference.datasets.generator.thin_lens import Layer, blur_radius, disc_blur, disc_kernel, photograph
from reference.datasets.pairs import embedded_pairs
from reference.metrics.truth import psnr

# %% [markdown]
# ## Two photographs of one scene
#
# Here are two photographs taken from one place. Nothing moved; only the lens was focused at another distance.
# We call them **image A** and **image B**. Every image in these lessons is an array of numbers from 0 (black)
# to 1 (white), of shape (rows, columns), or (rows, columns, 3) in colour.

# %%
pair = embedded_pairs()[0]
image_a, image_b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
print(pair.name, image_a.shape)
show({"image A": image_a, "image B": image_b, "what we would like to have": truth})

# %% [markdown]
# Look at the bricks: sharp in A, blurred in B. With the picture of the astronaut it is the other way round.
# No single photograph is sharp everywhere. **Multi-focus image fusion** makes the third image out of the
# first two.
#
# (This pair was made by a program out of two photographs, so the third image is known. With a camera it never
# is. At the end of this lesson you make such a pair yourself.)

# %% [markdown]
# ## What a lens does
#
# A point of the scene sends light in all directions, and the lens collects a whole cone of it. It bends the
# cone so that all rays meet again in one point behind the lens. Where they meet depends on how far away the
# point is. For a **thin lens** (one whose own thickness we may forget)
#
# $$\frac{1}{u} + \frac{1}{v} = \frac{1}{f}$$
#
# - $u$ is the distance from the lens to the point in the scene, its **depth**;
# - $v$ is the distance from the lens to the place where the rays meet, the **image distance**;
# - $f$ is the **focal length**, a property of the lens.
#
# The sensor stands at one fixed distance $v_0$. Only one depth $u_0$ has its image exactly there: the depth
# at which the lens is **focused**. The next picture draws the rays of three points.

# %%
FOCAL, APERTURE, FOCUS = 1.0, 0.6, 3.0  # focal length, radius of the opening, depth in focus
sensor = 1 / (1 / FOCAL - 1 / FOCUS)
figure, axes = pyplot.subplots(3, 1, figsize=(9, 6), sharex=True, layout="constrained")
for axis, (name, depth) in zip(axes, {"in focus": 3.0, "farther": 6.0, "nearer": 2.0}.items(), strict=True):
    meets = 1 / (1 / FOCAL - 1 / depth)
    for height in (-APERTURE, 0.0, APERTURE):
        at_sensor = height * (1 - sensor / meets)
        axis.plot([-depth, 0, sensor], [0, height, at_sensor], color="tab:orange")
        axis.plot([sensor, 2.4], [at_sensor, height * (1 - 2.4 / meets)], color="tab:orange", linestyle=":")
    rim = APERTURE * abs(1 - sensor / meets)
    axis.plot([0, 0], [-APERTURE, APERTURE], color="tab:blue", linewidth=3)
    axis.plot([sensor, sensor], [-0.7, 0.7], color="gray")
    axis.plot([sensor, sensor], [-rim, rim], color="tab:red", linewidth=6, solid_capstyle="butt")
    axis.plot(-depth, 0, "ko")
    axis.set_title(f"a point {name}: depth {depth:g}, its rays meet {meets:.2f} behind the lens", fontsize=10)
    axis.set(yticks=[], ylim=(-1.05, 0.85))
axes[0].text(0, -0.95, "lens", color="tab:blue", horizontalalignment="center")
axes[0].text(sensor, -0.95, "sensor", color="dimgray", horizontalalignment="center")
axes[-1].set_xlabel("distance from the lens, in focal lengths (scene on the left)")
pyplot.show()

# %% [markdown]
# Look at the sensor. The rays of the point in focus meet on it: a point becomes a point. Those of the farther
# point have met before it and spread again; those of the nearer point have not met yet. In both cases the
# sensor is hit by a small disc of light, drawn in red. It is the shape of the opening of the lens, made
# smaller: the **circle of confusion**. We call it the disc of blur.

# %% [markdown]
# ## How large is the disc?
#
# Let $R$ be the radius of the opening of the lens, the **aperture**. The cone behind the lens has radius $R$
# at the lens and 0 at distance $v$. On the sensor, at distance $v_0$, its radius is by similar triangles
#
# $$r = R \, \frac{|v_0 - v|}{v} = R \, v_0 \left| \frac{1}{v} - \frac{1}{v_0} \right|.$$
#
# Now use the equation of the lens twice: $1/v = 1/f - 1/u$ and $1/v_0 = 1/f - 1/u_0$. The focal length drops
# out:
#
# $$r = R \, v_0 \left| \frac{1}{u_0} - \frac{1}{u} \right|.$$
#
# We want $r$ in pixels, so we divide by the size of a pixel. The number before the bars then is one constant
# of camera and focus, which this project calls the **strength** of the blur. Its unit is pixels times metres.
# (To focus elsewhere, the sensor moves, and $v_0$ changes. For scenes much farther away than the focal length
# it hardly does: with the lens below, by 2 % from 2 m to 10 m. So one strength serves all our photographs.)
#
# $$\text{radius} = \text{strength} \cdot \left| \frac{1}{\text{focus}} - \frac{1}{\text{depth}} \right|.$$
#
# The function `blur_radius` is that formula. The next cell compares it with the triangles, for a lens of 50
# mm with an opening of 25 mm (photographers call that f/2) and pixels of 5 thousandths of a millimetre.

# %%
focal, aperture, pixel, focus, depth = 0.050, 0.0125, 5e-6, 2.0, 5.0  # all in metres
v_0 = 1 / (1 / focal - 1 / focus)
v = 1 / (1 / focal - 1 / depth)
strength = aperture * v_0 / pixel
print(f"by triangles:   {aperture * abs(v_0 - v) / v / pixel:.6f} pixels")
print(f"by blur_radius: {blur_radius(depth, focus, strength):.6f} pixels, strength {strength:.1f}")

# %% [markdown]
# A blur of 38 pixels is very visible in an image of some thousand pixels. Our images have about 300 columns,
# so we use a strength of a few pixel metres.

# %% [markdown]
# **Exercise 1.1.** The lens is focused at 2 m and its strength is 20 pixel metres. By hand: what is the
# radius of the disc, in pixels, of a point 5 m away?

# %%
answer_1_1 = None
check("1.1", answer_1_1)

# %% tags=["hide-cell"]
# Solution
radius_1_1 = 20 * abs(1 / 2 - 1 / 5)  # 20 (0.5 - 0.2)
check("1.1", radius_1_1)

# %% [markdown]
# ## Depth of field
#
# A disc that is smaller than a pixel looks like a point. So not one depth is sharp but a range of them: all
# depths with a radius of at most some limit $c$. That range is the **depth of field**. We take $c = 0.5$
# pixels: the disc is then as wide as one pixel.

# %%
depths = np.linspace(0.8, 6, 500)
figure, axis = pyplot.subplots(figsize=(8, 3.6), layout="constrained")
for aperture_strength, colour in ((8, "tab:red"), (4, "tab:orange"), (2, "tab:green")):
    radii = np.array([blur_radius(d, 2.0, aperture_strength) for d in depths])
    sharp = depths[radii <= 0.5]
    label = f"strength {aperture_strength}: sharp from {sharp[0]:.2f} to {sharp[-1]:.2f} m"
    axis.plot(depths, radii, color=colour, label=label)
    axis.plot([sharp[0], sharp[-1]], [-0.1 * aperture_strength] * 2, color=colour, linewidth=4)
axis.axhline(0.5, color="gray", linewidth=0.8, linestyle="--")
axis.set(xlabel="depth in metres, lens focused at 2 m", ylabel="radius of the disc in pixels", ylim=(-1.1, 5))
axis.legend()
pyplot.show()

# %% [markdown]
# Look at three things. The radius is zero at 2 m only. It grows faster towards the camera than away from it,
# since $1/\text{depth}$ counts. And a smaller opening (a smaller strength) gives a wider depth of field: the
# bars below the curves, which end where a curve crosses the dashed line at 0.5 pixels.

# %% [markdown]
# **Exercise 1.2.** The lens is focused at 3 m, its strength is 6 pixel metres, and a disc of up to 0.5 pixels
# counts as sharp. Between which two depths, in metres, is the scene sharp? Give the near one and the far one,
# `[near, far]`.

# %%
answer_1_2 = None
check("1.2", answer_1_2)

# %% tags=["hide-cell"]
# Solution
# |1/3 - 1/depth| = 0.5 / 6 has two solutions, one on each side of the depth in focus.
near, far = 1 / (1 / 3 + 0.5 / 6), 1 / (1 / 3 - 0.5 / 6)
check("1.2", [near, far])

# %% [markdown]
# ## Why not simply a smaller opening?
#
# It costs light. The light that a lens collects grows with the area of its opening. With less light the
# photograph is noisier, or takes longer, and then things move. Under a microscope or close to an object, even
# the smallest opening is not enough. Two photographs cost less.

# %% [markdown]
# **Exercise 1.3.** You halve the radius of the opening, so that all discs of blur are half as wide. How many
# times as long must you expose to collect the same amount of light?

# %%
answer_1_3 = None
check("1.3", answer_1_3)

# %% tags=["hide-cell"]
# Solution
# The area of a disc is pi R^2: half the radius is a quarter of the area.
check("1.3", 1 / 0.5**2)

# %% [markdown]
# ## What a disc does to an image
#
# Every point of the scene is replaced by a disc of its colour, and the discs add up. So each pixel of the
# photograph becomes an average of the pixels around it: a **convolution** with the disc. The small array of
# weights is called the **kernel**. Its sum is 1, since blur moves light and loses none.

# %%
kernels = {f"radius {radius:g}": disc_kernel(radius) for radius in (0.8, 2.5, 5.0)}
for name, kernel in kernels.items():
    print(f"{name}: {kernel.shape[0]} x {kernel.shape[1]} pixels, sum {kernel.sum():.3f}")
show({name: np.pad(k, 6 - k.shape[0] // 2) / k.max() for name, k in kernels.items()})

# %% [markdown]
# Look at the rim of each disc: a pixel that lies partly inside has a smaller weight, hence gray. (Each kernel
# is drawn with its largest weight as white.)
#
# Now blur a detail of the sharp image by these discs.

# %%
detail = truth[100:200, 60:190]
blurred = {f"radius {radius:g}": np.clip(disc_blur(detail, radius), 0, 1) for radius in (0.8, 2.5, 5.0)}
show({"sharp": detail, **blurred}, columns=2, width=9)

# %% [markdown]
# Look at the joints between the bricks. With radius 0.8 they are a little softer, with 5 only broad, faint
# bands are left: what is smaller than the disc is averaged away, and no later step brings it back. Large
# things such as the border of the orange suit stay visible, with soft edges. All measures of focus in lesson
# 3 look for the small things.

# %% [markdown]
# ## A scene of your own
#
# To photograph a scene by program we need two things: what it looks like, and a **depth map**, the distance
# of each pixel. Ours is a large printed picture that lies on a table, and a small picture of a rocket that
# stands on it. The table goes from 1 m at the bottom of the image to 4 m at the top; the rocket stands 1.25 m
# away.
#
# On a flat table $1/\text{depth}$ grows evenly from row to row, so we make that first.

# %%
ROWS, COLUMNS = 256, 320
pictures = {pair.name: read_image(pair.truth).pixels for pair in embedded_pairs()}
table = pictures["coffee_gravel"][:ROWS, :COLUMNS]
top, left, bottom, right = 67, 70, 187, 250  # where the picture of the rocket stands
card = np.zeros((ROWS, COLUMNS))
card[top:bottom, left:right] = 1
rocket = np.zeros((ROWS, COLUMNS, 3))
rocket[top:bottom, left:right] = pictures["astronaut_rocket"][101:221, 70:250]

CARD_DEPTH = 1.25
inverse_depth = np.repeat(np.linspace(1 / 4, 1 / 1, ROWS)[:, None], COLUMNS, axis=1)  # of the table, 1 / m
depth_map = np.where(card == 1, CARD_DEPTH, 1 / inverse_depth)
show({"lying on the table": table, "standing": rocket, "depth map (white: 4 m)": depth_map / 4})

# %% [markdown]
# Look at the depth map: a slope for the table and one gray for the standing picture. The lower edge of that
# picture touches the table where both have the same depth.

# %% [markdown]
# ## From depths to layers
#
# Each depth has its own disc. To blur pixel by pixel is slow, and it goes wrong at the edges of things, where
# light from a near thing covers a far one. So we cut the depths into a few **layers**, each flat and at one
# depth, and blur every layer as a whole. This is called **quantising** the depth map.
#
# A layer has a colour, a depth, and a **coverage**: 1 where it is, 0 where it is not. A layer of our table
# covers everything from its far edge down to the bottom of the image. Nearer layers then lie on top of it and
# leave no gap.
#
# The radius depends on $1/\text{depth}$, so we cut $1/\text{depth}$ into equal parts: then the radii of
# neighbouring layers differ by equal steps.


# %%
def make_layers(count: int) -> list[Layer]:
    """The table cut into `count` layers, and the standing picture, from far to near."""
    edges = np.linspace(1 / 4, 1 / 1, count + 1)
    parts = [
        Layer(colour=table, coverage=(inverse_depth >= far).astype(float), depth=2 / (far + near))
        for far, near in pairwise(edges)
    ]
    return sorted([*parts, Layer(rocket, card, CARD_DEPTH)], key=lambda layer: layer.depth, reverse=True)


layers = make_layers(12)
print("depths in metres:", *(f"{layer.depth:.2f}" for layer in layers))
shown = (layers[2], layers[6], layers[9])
show({f"coverage of the layer at {layer.depth:.2f} m": layer.coverage for layer in shown})

# %% [markdown]
# Look at the white areas: they are where the layer is. The first is a far part of the table, the second a
# nearer one, the third the standing picture.

# %% [markdown]
# **Exercise 1.4.** Our table has $1/\text{depth}$ from 0.25 to 1 per metre, and the strength will be 8 pixel
# metres. That range is cut into equal parts, one layer each. Strength times the width of a part shall be 0.5
# pixels. How many layers are that?

# %%
answer_1_4 = None
check("1.4", answer_1_4)

# %% tags=["hide-cell"]
# Solution
radius_range = 8 * (1 - 0.25)  # strength times the width of the whole range, in pixels
check("1.4", radius_range / 0.5)

# %% [markdown]
# ## Two photographs
#
# `photograph` goes through the layers from the farthest to the nearest. With $I_k$ the colour and $c_k$ the
# coverage of layer $k$, and "blur" the average over its disc, it computes
#
# $$\text{image}_k = \text{blur}(c_k I_k) + \bigl(1 - \text{blur}(c_k)\bigr) \, \text{image}_{k-1}.$$
#
# In words: put the blurred layer on top; where its blurred coverage is 0.3, let 70 % of what lies behind
# shine through.
#
# Image A is focused on the rocket at 1.25 m, image B on the table at 2.5 m. With strength 0, a pinhole,
# everything is sharp: that is the **ground truth** (short: the truth), which we later compare with.

# %%
STRENGTH, FOCUS_A, FOCUS_B = 8.0, 1.25, 2.5
my_a = photograph(layers, FOCUS_A, STRENGTH)
my_b = photograph(layers, FOCUS_B, STRENGTH)
my_truth = photograph(layers, FOCUS_A, strength=0.0)
show({"image A, focused at 1.25 m": my_a, "image B, focused at 2.5 m": my_b, "truth": my_truth})

# %% [markdown]
# Look at the rocket (sharp in A), at the gravel in the upper third (sharp in B), and at the lowest rows
# (nearly sharp in A).

# %%
corner = np.s_[45:105, 45:125]
show({"A at a corner": my_a[corner], "B": my_b[corner], "truth": my_truth[corner]})

# %% [markdown]
# Look at the outline of the standing picture. In A it is a clean cut, and what lies right beside it is
# blurred. In B the blurred picture spreads over its sharp surroundings, and they shine through its rim. In a
# strip beside the outline no photograph is right, so no choice between A and B can be: the hardest place for
# every method.

# %% [markdown]
# ## Which photograph is sharper where?
#
# Since we know the depths, we know the radius of the disc at every pixel in both photographs.

# %%
radius_a = STRENGTH * np.abs(1 / FOCUS_A - 1 / depth_map)
radius_b = STRENGTH * np.abs(1 / FOCUS_B - 1 / depth_map)
sharper_a = radius_a < radius_b
best = np.minimum(radius_a, radius_b)
for name, radius in {"A": radius_a, "B": radius_b, "the better of both": best}.items():
    print(f"largest radius in {name}: {radius.max():.1f} pixels")
show(
    {
        "radius in A (white: 5 pixels)": radius_a / 5,
        "radius in B": radius_b / 5,
        "the better of both": best / 5,
        "white: A is sharper": sharper_a,
    },
    columns=2,
    width=9,
)

# %% [markdown]
# Look at the third picture: between the two depths in focus there is a grayish band. There even the better
# photograph is blurred by up to 1.6 pixels. Two photographs halve the problem; they do not remove it. The
# last picture is what a fusion method has to find out, without knowing the depths.

# %% [markdown]
# **Exercise 1.5.** One photograph is focused at 1 m, another at 3 m, with the same strength. At which depth
# between them, in metres, are both equally blurred?

# %%
answer_1_5 = None
check("1.5", answer_1_5)

# %% tags=["hide-cell"]
# Solution
# Equal radii: 1/depth is halfway between 1/1 and 1/3.
depth_1_5 = 1 / ((1 / 1 + 1 / 3) / 2)
check("1.5", depth_1_5)

# %% [markdown]
# ## Fuse them
#
# The method of this project decides for every pixel how much to take from A. It judges focus with a
# **network**: a function with many numbers, the **weights**, that were adjusted on examples (lesson 3). The
# decision is the **decision map** $D$: 1 means A, 0 means B. The fused image is $F = D A + (1 - D) B$, pixel
# by pixel. Lessons 2 to 4 explain every step, and the steps' parameters, of which `PAPER` are those of the paper;
# here we just call it.

# %%
network = load_network("small")
fused = fuse(my_a, my_b, network)
error = np.abs(fused.image - my_truth).mean(axis=-1)
show({"fused": fused.image, "decision map": fused.decision_map, "error, 5 times enlarged": 5 * error})

# %% [markdown]
# Look at the decision map beside the last picture above. It was found from the two photographs alone, and it
# is nearly the same: the standing picture and the near part of the table are white, the far part is black.
# The error is zero around the two depths in focus, where the disc is smaller than a pixel. It is large on the
# outline of the standing picture, where no photograph is right, in the band between the two depths, and in
# the lowest and highest rows, where none is sharp.

# %%
agree = np.mean((fused.decision_map > 0.5) == sharper_a)
print(f"pixels where the decision map takes the sharper photograph: {100 * agree:.1f} %")

# %% [markdown]
# ## How good is it?
#
# With a truth $T$ the error can be summed up in one number. The **mean squared error** is the mean of
# $(F - T)^2$ over all $N$ values of the image. The **peak signal-to-noise ratio** (PSNR) compares it with the
# largest possible value, 255 for images of 8 bits, on a logarithmic scale in **decibels** (dB):
#
# $$\mathrm{PSNR} = 10 \log_{10} \frac{255^2}{\mathrm{MSE}}, \qquad \mathrm{MSE} = \frac{1}{N} \sum (F - T)^2.$$
#
# More is better. 6 dB more are half the error (in root mean square), 20 dB more a tenth of it.


# %%
def psnr_to_truth(image: np.ndarray) -> float:
    """PSNR of an image in [0, 1] against the truth of our scene, both rounded to 8 bits."""
    return float(psnr(im2uint8(image), im2uint8(my_truth)))


for name, image in {"A": my_a, "B": my_b, "mean of A and B": (my_a + my_b) / 2, "fused": fused.image}.items():
    print(f"{name:16s} {psnr_to_truth(image):.2f} dB")

# %% [markdown]
# Fused is well ahead of both sources and of their plain mean, which is blurred everywhere.
#
# One more photograph helps where none was sharp. The method takes two images; for three we fuse the fused
# image with the third one. Many photographs of this kind are called a **focus stack**.

# %%
my_c = photograph(layers, focus=1.65, strength=STRENGTH)
stack = fuse(my_c, fused.image.clip(0, 1), network)
print(f"three photographs: {psnr_to_truth(stack.image):.2f} dB")
show({"fused from three": stack.image, "white: taken from the third": stack.decision_map})

# %% [markdown]
# Look at the second picture: the third photograph, focused at 1.65 m, is taken in the middle of the table,
# between the two depths in focus before.

# %% [markdown]
# ## What to remember
#
# - A point out of focus becomes a disc of radius $\text{strength} \cdot |1/\text{focus} - 1/\text{depth}|$.
#   The depth of field is the range of depths where the disc is too small to see.
# - Blur averages; what is smaller than the disc is lost. So sharp parts must come from a photograph in which
#   they are sharp.
# - With a scene made by program the truth is known, and the PSNR against it says how good a fused image is.
#
# Where it is in the code: the lens in [thin_lens.py](../../reference/datasets/generator/thin_lens.py), the pairs that
# ship in [scenes.py](../../reference/datasets/generator/scenes.py), kinds of boundary in
# [boundaries.py](../../reference/datasets/generator/boundaries.py), the method in
# [pipeline.py](../../reference/pipeline.py), PSNR in [psnr](../../reference/metrics/truth.py).
