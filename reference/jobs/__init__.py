"""What a command does with files: fuse, stack, align, many of them, in tiles, with a manifest beside each result."""
