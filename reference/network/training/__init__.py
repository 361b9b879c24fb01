"""How the shipped weights were made; nothing here runs when images are fused."""
