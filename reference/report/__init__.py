"""The report on the paper: whether each claim is reproduced, how it was computed, and the reason if not."""
