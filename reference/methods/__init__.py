"""Fusion methods: the paper's, with a network, and those that it is compared with; each returns a `Fusion`."""
