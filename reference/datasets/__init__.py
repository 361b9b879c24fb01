"""Data sets: pairs of photographs that ship, that are fetched, and that a generator makes with their truth."""
