"""Image files: how they are read, what they say besides their pixels, and how results are written."""
