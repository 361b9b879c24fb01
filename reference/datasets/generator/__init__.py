"""Multi-focus pairs with ground truth, rendered by a thin lens from layers of known depth."""
