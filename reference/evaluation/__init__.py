"""What networks and parameters are worth: ground truth first, the survey's metrics and Table 1 beside it."""
