"""Experiments: methods fuse pairs, measures judge, tables compare: the benchmark and the evaluation."""
