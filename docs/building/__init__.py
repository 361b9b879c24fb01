"""What `docs/build.py` is made of: lessons, generated pages, and links that hold in a browser and in a repository."""
