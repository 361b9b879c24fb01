"""The figures of the paper, drawn from the computed data."""
