"""From where to where each slider goes, and the choice that the sliders make together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from reference.errors import BadInput
from reference.explorer.choice import Choice

__all__ = ["Ends", "chosen", "ends"]


class Ends(NamedTuple):
    """Of a slider: the least and the greatest value, and the distance of two neighbours."""

    low: float
    high: float
    step: float


def ends(shape: tuple[int, ...]) -> dict[str, Ends]:
    """Each slider's, by the option of `parfocal fuse` that it sets; areas go to a twentieth of the image.

    >>> ends((520, 520))["area"]
    Ends(low=0, high=13520, step=1)
    """
    return {
        "pool-window": Ends(1, 65, 2),
        "pool-p": Ends(0, 1, 0.05),
        "area": Ends(0, shape[0] * shape[1] // 20, 1),
        "radius": Ends(0, 60, 1),
        "eps": Ends(-6, 0, 0.5),
    }


def chosen(method: str, values: Mapping[str, Any], shape: tuple[int, ...]) -> Choice:
    """The choice that these values make; BadInput for one that no slider can have.

    >>> chosen("gfdf", {"pool-window": 1, "pool-p": 1, "area": 9, "radius": 99, "eps": -1, "pool-side": "a"}, (99, 99))
    Traceback (most recent call last):
        ...
    reference.errors.BadInput: radius is 99, but it goes from 0 to 60 here
    """
    for option, end in ends(shape).items():
        _check(option, values[option], end)
    return Choice(
        method,
        int(values["pool-window"]),
        float(values["pool-p"]),
        values["pool-side"],
        int(values["area"]),
        int(values["radius"]),
        float(values["eps"]),
    )


def _check(option: str, value: Any, end: Ends) -> None:
    if not isinstance(value, (int, float)):  # an empty box gives None
        raise BadInput(f"{option} has no value")
    if not end.low <= value <= end.high:
        raise BadInput(f"{option} is {value:g}, but it goes from {end.low:g} to {end.high:g} here")
    if isinstance(end.step, int) and value != int(value):
        raise BadInput(f"{option} is {value:g}, but it is a whole number")
