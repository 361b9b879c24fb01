"""Networks: the paper's and Liu's, which score focus, with their weights and loading."""

TRAINED = ("enhanced", "half", "small", "liu2017")  # trained by this project; their weights ship
PIXEL = "pixel"  # beyond the paper: weighs every pixel, without patches and without the steps after the network
AUTHORS = "liu2017_authors"  # liu2017 with the weights that its authors published, to be fetched
NETWORK_NAMES = (*TRAINED, AUTHORS)
DEVICES = ("auto", "cpu", "cuda", "mps")  # auto: a GPU if PyTorch sees one
