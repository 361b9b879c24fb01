"""Alignment: optional, before step 1, for a camera that moved or breathed between the two photographs."""
