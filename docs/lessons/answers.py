"""The answers to the exercises: what is expected, by how much an answer may differ, and a hint for a wrong one."""

from __future__ import annotations

from typing import Any

__all__ = ["ANSWERS"]

ANSWERS: dict[str, tuple[Any, float, str]] = {
    "1.1": (6.0, 0.01, "Put depth 5 and focus 2 into strength times |1/focus - 1/depth|."),
    "1.2": ([2.4, 4.0], 0.01, "6 |1/3 - 1/depth| = 0.5 has two solutions, one with each sign between the bars."),
    "1.3": (4.0, 0.01, "Light grows with the area of the opening, and the area with the square of its radius."),
    "1.4": (12.0, 0.01, "Strength times the whole range is 8 (1 - 0.25) pixels; divide by 0.5."),
    "1.5": (1.5, 0.01, "Equal radii mean that 1/depth, not depth, is halfway between 1/1 and 1/3."),
    "2.1": (6.0, 0.01, "The frequency is 1/3; less 1/2 that is 1/6 per pixel, without its sign. What period has it?"),
    "2.2": ([10.0, 3.0, 20.0], 0.001, "Left of the 16 stand 16 and 0, right of the 32 stand 32 and 0: mirrored."),
    "2.3": (105.0, 0.0, "First 100 + 31 * 6/16, rounded to 112; then 100 + 12 * 6/16, and one half goes up."),
    "2.4": ([33.0, 43.0], 0.0, "Halve three times and round up each time: 259, 130, 65, ..."),
    "2.5": (13.0, 0.0, "5 pixels of level 1 have centres 2 apart: 8 between the outer ones, and 2 more on each side."),
    "3.1": (60.0, 0.001, "Add the pixels above, below, left and right; take 4 times the middle one away."),
    "3.2": (8.0, 0.0, "B is uneven on 5 pixels of this side; how many positions farther off does a window reach?"),
    "3.3": (3480.0, 0.0, "One filter has 3 x 3 weights for each of the 16 maps, and one bias."),
    "3.4": (3.5, 0.001, "The largest is 8 and the mean is 2: 0.25 of the one and 0.75 of the other."),
    "3.5": (1.0059, 0.005, "The weights are 1, 1, 1 and 5; divide the weighted sum 5 * 1.609 by their sum."),
    "4.1": (16.0, 0.0, "Row 3 lies in the patches from rows 0 and 2; column 20 in those from columns 6, 8, ..., 20."),
    "4.2": ("b", 0.0, "A is taken where the map is strictly greater than 0.5."),
    "4.3": (8.0, 0.0, "The diagonal is one region of 4 pixels; the square has 4; the rest is smaller."),
    "4.4": (0.7895, 0.001, "Find the covariance and the variance from the means first; eps is added to the variance."),
    "4.5": (0.6667, 0.001, "The means over 3 pixels are 1/3, 2/3 and 1 around that pixel; take their mean."),
    "5.1": (34.15, 0.05, "The MSE is 5 * 5. Divide 255 * 255 by it, take the logarithm to base 10, times 10."),
    "5.2": (0.80, 0.006, "With variances and covariance 0 the second factors cancel; C1 is small beside the means."),
    "5.3": (32.02, 0.05, "The difference is (B - A) / 2: half the error, a quarter of the MSE. How many dB is 1/4?"),
    "5.4": (1.5, 0.001, "A level of probability p adds p log2(1/p)."),
    "5.5": (1.0, 0.001, "I(A, A) / (H(A) + H(A)) is H(A) / (2 H(A)); the other share is 0; twice their sum."),
    "6.1": (1.17, 0.01, "The PSNRs differ by 0.68 dB, and 10 dB are a factor of 10: raise 10 to the power 0.068."),
    "6.2": (65025, 1, "C2 = (0.03 L)^2: the square of the quotient of both L."),
    "6.3": (6.02, 0.03, "D^2 becomes a quarter, and so does the MSE. How many dB is a factor of 4?"),
    "6.4": (25.09, 0.03, "The fused image is then B itself: psnr(stored_b, stored_truth)."),
    "7.1": ([0, 1, 2, 3, 255, 255], 0.0, "What is below 0 becomes 0, above 255 becomes 255; each half goes up."),
    "7.2": (5, 0.0, "MATLAB goes up each time; numpy goes down where the whole number below is even."),
    "7.3": (150, 0.0, "Multiply MATLAB's weight of green by 255, and round to a whole number."),
    "7.4": (8, 0.0, "Halving stretches the kernel by 2."),
    "7.5": (13, 0.0, "Put 2 in the place of 1.5 in the formula."),
}
