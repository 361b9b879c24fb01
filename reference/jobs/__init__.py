"""Work on files: fuse, stack, align and batch, in tiles where images are large, with a manifest beside each result."""
