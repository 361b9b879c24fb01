"""Pairs of photographs: those that ship, those that are fetched, and those that a generator makes with their truth."""
