"""The explorer: one page in the browser with the nine steps of a fusion, their formulas and their parameters."""
