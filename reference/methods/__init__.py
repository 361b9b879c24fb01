"""Fusion methods: the paper's, with a network, and others for comparison; each returns a `Fusion`."""
