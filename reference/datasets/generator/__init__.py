"""Multi-focus pairs with ground truth: a thin lens looks at layers of known depth."""
