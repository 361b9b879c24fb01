"""Optional alignment before step 1, for a camera that moved or breathed between the photographs (contribution 1)."""
