"""Alignment, before step 1 if asked for: a camera that moved, or breathed, between two photographs."""
