"""Networks: what scores focus, the paper's and Liu's, their weights, and how one is loaded."""

__all__ = ["AUTHORS", "NETWORK_NAMES", "TRAINED"]

TRAINED = ("enhanced", "small", "liu2017")  # by us; their weights ship
AUTHORS = "liu2017_authors"  # liu2017 with the weights that its authors published, fetched
NETWORK_NAMES = (*TRAINED, AUTHORS)
