"""Before step 1, if asked: a camera that was moved, or breathed, between two photographs (paper, contribution 1)."""
