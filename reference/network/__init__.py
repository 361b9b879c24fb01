"""The networks that score focus: the paper's and Liu's, their weights, and how one is loaded."""
