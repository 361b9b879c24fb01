"""The benchmark: methods fuse pairs, metrics score the results, tables compare the methods."""
