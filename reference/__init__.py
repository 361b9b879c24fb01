"""Multi-focus image fusion after Ayub et al.: a CNN on a Gaussian pyramid scores focus, a guided filter decides.

`reference.pipeline.fuse` is the paper's algorithm box; `reference.steps.table.STEPS` lists its steps in order.
"""

__version__ = "0.1.0"
