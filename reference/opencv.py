"""OpenCV, loaded where it is needed: its wheels want system libraries that a bare machine has not."""

from __future__ import annotations

from typing import Any

from reference.errors import MissingExtra

__all__ = ["opencv"]

NEEDS = (
    "OpenCV, which does not load here: pip install opencv-contrib-python, and on Debian or Ubuntu "
    "apt-get install --no-install-recommends libgl1 libglib2.0-0"
)


def opencv(what: str) -> Any:
    """The module cv2; MissingExtra says what cannot be done without it.

    >>> opencv("this line").__name__
    'cv2'
    """
    try:
        import cv2
    except ImportError as error:
        first_line = (str(error) or type(error).__name__).splitlines()[0]
        raise MissingExtra(f"{what} needs {NEEDS} ({first_line})") from error
    return cv2
