"""The figures of the paper, drawn from what they show."""
