"""MATLAB's image functions, one per file, under MATLAB's names.

Certainty letters in the docstrings: V = checked against numbers MATLAB made, D = documented by MathWorks,
B = believed, no MATLAB number found. DIFFERENCES.md is the ledger.
"""

from matlab_compat.boxfilter import boxfilter
from matlab_compat.bwareaopen import bwareaopen
from matlab_compat.guidedfilter import guidedfilter
from matlab_compat.im2double import im2double
from matlab_compat.im2uint8 import im2uint8
from matlab_compat.im2uint16 import im2uint16
from matlab_compat.immse import immse
from matlab_compat.impyramid import impyramid
from matlab_compat.imresize import imresize
from matlab_compat.psnr import psnr
from matlab_compat.rgb2gray import rgb2gray
from matlab_compat.rounding import round_half_away, saturate
from matlab_compat.uint8 import uint8

__all__ = [
    "boxfilter",
    "bwareaopen",
    "guidedfilter",
    "im2double",
    "im2uint8",
    "im2uint16",
    "immse",
    "impyramid",
    "imresize",
    "psnr",
    "rgb2gray",
    "round_half_away",
    "saturate",
    "uint8",
]
