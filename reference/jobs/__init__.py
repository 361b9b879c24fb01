"""Files in, files out: fuse, stack, align, many of them, in tiles, with a manifest beside each result."""
