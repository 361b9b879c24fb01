"""Audit of printed numbers: the protocols by which they may have been computed, tried on the images themselves.

`protocols` is the table of what may have been meant, `printed` reads a paper's table and finds its images, `search`
tries one on the other, `results` writes what was found.
"""
