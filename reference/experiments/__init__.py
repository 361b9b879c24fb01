"""Methods fuse pairs, measures judge the results, tables compare the methods: the benchmark and the evaluation."""
