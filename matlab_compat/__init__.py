"""MATLAB's functions: for images, one per file, under MATLAB's names.

Certainty letters in the docstrings: V = checked against numbers MATLAB made, S = second-hand, D = documented by
MathWorks, B = believed, no MATLAB number found. DIFFERENCES.md is the ledger.

Arguments come in MATLAB's order; name-value pairs are keywords in snake_case (FilterSize is filter_size), texts are
written out in lower case, fields of results likewise (NumObjects is num_objects). Where MATLAB has several outputs
that are arrays, they come as a named tuple in MATLAB's order. Floats are fractions from 0 to 1, as in MATLAB; every
channel is treated alike, alpha too. Whole numbers of Python (int64) are doubles, as typed into MATLAB, but are
refused where the class defines the range of gray levels, as in rgb2gray, psnr or piqe.
"""

from matlab_compat.boxfilter import boxfilter
from matlab_compat.bwareafilt import bwareafilt
from matlab_compat.bwareaopen import bwareaopen
from matlab_compat.bwconncomp import bwconncomp
from matlab_compat.bwdist import bwdist
from matlab_compat.bwlabel import bwlabel
from matlab_compat.bwmorph import bwmorph
from matlab_compat.col2im import col2im
from matlab_compat.conv2 import conv2
from matlab_compat.corr2 import corr2
from matlab_compat.edge import edge
from matlab_compat.entropy import entropy
from matlab_compat.fast_guidedfilter import fast_guidedfilter
from matlab_compat.filter2 import filter2
from matlab_compat.fspecial import fspecial
from matlab_compat.graythresh import graythresh
from matlab_compat.guidedfilter import guidedfilter
from matlab_compat.histeq import histeq
from matlab_compat.hsv2rgb import hsv2rgb
from matlab_compat.im2col import im2col
from matlab_compat.im2double import im2double
from matlab_compat.im2gray import im2gray
from matlab_compat.im2single import im2single
from matlab_compat.im2uint8 import im2uint8
from matlab_compat.im2uint16 import im2uint16
from matlab_compat.imabsdiff import imabsdiff
from matlab_compat.imadjust import imadjust
from matlab_compat.imbinarize import imbinarize
from matlab_compat.imbothat import imbothat
from matlab_compat.imboxfilt import imboxfilt
from matlab_compat.imclose import imclose
from matlab_compat.imdilate import imdilate
from matlab_compat.imerode import imerode
from matlab_compat.imfill import imfill
from matlab_compat.imfilter import imfilter
from matlab_compat.imgaussfilt import imgaussfilt
from matlab_compat.imgradient import imgradient
from matlab_compat.imguidedfilter import imguidedfilter
from matlab_compat.imhist import imhist
from matlab_compat.imhistmatch import imhistmatch
from matlab_compat.immse import immse
from matlab_compat.imnoise import imnoise
from matlab_compat.imopen import imopen
from matlab_compat.impyramid import impyramid
from matlab_compat.imresize import imresize
from matlab_compat.imtophat import imtophat
from matlab_compat.mat2gray import mat2gray
from matlab_compat.mean2 import mean2
from matlab_compat.medfilt2 import medfilt2
from matlab_compat.multissim import multissim
from matlab_compat.ordfilt2 import ordfilt2
from matlab_compat.padarray import padarray
from matlab_compat.piqe import piqe
from matlab_compat.psnr import psnr
from matlab_compat.regionprops import regionprops
from matlab_compat.rgb2gray import rgb2gray
from matlab_compat.rgb2hsv import rgb2hsv
from matlab_compat.rgb2ycbcr import rgb2ycbcr
from matlab_compat.rounding import round_half_away, saturate
from matlab_compat.ssim import ssim
from matlab_compat.std2 import std2
from matlab_compat.stdfilt import stdfilt
from matlab_compat.strel import strel
from matlab_compat.stretchlim import stretchlim
from matlab_compat.uint8 import uint8
from matlab_compat.ycbcr2rgb import ycbcr2rgb

__all__ = [
    "boxfilter",
    "bwareafilt",
    "bwareaopen",
    "bwconncomp",
    "bwdist",
    "bwlabel",
    "bwmorph",
    "col2im",
    "conv2",
    "corr2",
    "edge",
    "entropy",
    "fast_guidedfilter",
    "filter2",
    "fspecial",
    "graythresh",
    "guidedfilter",
    "histeq",
    "hsv2rgb",
    "im2col",
    "im2double",
    "im2gray",
    "im2single",
    "im2uint8",
    "im2uint16",
    "imabsdiff",
    "imadjust",
    "imbinarize",
    "imbothat",
    "imboxfilt",
    "imclose",
    "imdilate",
    "imerode",
    "imfill",
    "imfilter",
    "imgaussfilt",
    "imgradient",
    "imguidedfilter",
    "imhist",
    "imhistmatch",
    "immse",
    "imnoise",
    "imopen",
    "impyramid",
    "imresize",
    "imtophat",
    "mat2gray",
    "mean2",
    "medfilt2",
    "multissim",
    "ordfilt2",
    "padarray",
    "piqe",
    "psnr",
    "regionprops",
    "rgb2gray",
    "rgb2hsv",
    "rgb2ycbcr",
    "round_half_away",
    "saturate",
    "ssim",
    "std2",
    "stdfilt",
    "strel",
    "stretchlim",
    "uint8",
    "ycbcr2rgb",
]


def __dir__() -> list[str]:
    return __all__
