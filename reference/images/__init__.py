"""Image files: reading pixels and metadata, and writing results."""
