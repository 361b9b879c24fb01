"""Fusion metrics: by family, each defined so that it agrees with the MATLAB values the field publishes.

A metric takes the two sources and the fused image as gray levels (see `gray_levels`) and returns one number.
`catalogue.METRICS` lists them all; `score.score` computes them.
"""
