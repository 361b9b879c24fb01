"""Other methods to compare with: each gives the same result type as `reference.pipeline.fuse`."""
