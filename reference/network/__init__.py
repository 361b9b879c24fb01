"""The networks that score focus: the paper's and Liu's, their weights, and how one is loaded."""

__all__ = ["NETWORK_NAMES"]

NETWORK_NAMES = ("enhanced", "small", "liu2017")
