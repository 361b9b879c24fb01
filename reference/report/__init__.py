"""The report: runs what there is to reproduce, and says of each claim whether it holds."""
