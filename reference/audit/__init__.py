"""By which protocol was a printed number computed? Every protocol, tried on the images themselves.

`protocols` is the table of what may have been meant, `printed` reads a paper's table and finds its images, `search`
tries one on the other, `results` writes what was found.
"""
