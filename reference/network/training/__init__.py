"""Training of the shipped weights; fusion uses none of it."""
