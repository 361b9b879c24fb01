"""The rooms and their imports as an SVG: a row for each layer, an arrow for each import that no other arrow implies.

Run: python -m figures.make rooms
"""

from __future__ import annotations

from itertools import pairwise

from scipy.optimize import isotonic_regression

from tests.support.rooms import arrows, layer_of, rooms

LEFT_OUT = {"__main__", "__init__", "errors"}  # what starts the program, and what any room may import
ROW, GAP, HIGH, MARGIN = 54, 20, 28, 16  # pixels: from row to row, between boxes, of a box, around all
LETTER, LANE = 7.4, 4  # pixels: width of a letter, and of an arrow on its way through a row
Point = str | tuple[str, str, int]  # a room, or an arrow (from, to) where it passes a layer
Place = tuple[float, float]


def needed() -> list[tuple[str, str]]:
    """The arrows from room to room that are not implied by a longer way."""
    shown = [room for room in rooms() if room not in LEFT_OUT]
    found = arrows()
    imported = {room: set(found.get(room, ())) - LEFT_OUT for room in shown}

    def reached(room: str) -> set[str]:
        return imported[room].union(*map(reached, imported[room]))

    return [(a, b) for a in shown for b in sorted(imported[a]) if not any(b in reached(other) for other in imported[a])]


def ways() -> list[list[Point]]:
    """Each arrow with its points: a room, a point in every layer between, a room."""
    drawn = needed()
    layers = {layer_of(room) for arrow in drawn for room in arrow}
    return [[a, *((a, b, n) for n in range(layer_of(a) - 1, layer_of(b), -1) if n in layers), b] for a, b in drawn]


def places(drawn: list[list[Point]]) -> dict[Point, Place]:
    """The middle of each point: as near to what it is joined with as its row has room, long arrows straight."""
    steps = [step for way in drawn for step in pairwise(way)]
    points = list(dict.fromkeys(point for way in drawn for point in way))
    layers = sorted({layer_of_point(point) for point in points}, reverse=True)
    rows = [[point for point in points if layer_of_point(point) == layer] for layer in layers]
    joined = {point: [b if a == point else a for a, b in steps if point in (a, b)] for point in points}
    x = {point: 100.0 * number for row in rows for number, point in enumerate(row)}
    for sweep in range(200):
        for row in rows if sweep % 2 else rows[::-1]:
            wanted = {point: _mean_of(joined[point], point, x) for point in row}
            if sweep < 30:
                row.sort(key=lambda point, wanted=wanted: wanted[point])  # type: ignore[misc]
            x |= _side_by_side(row, wanted)
    left = min(x[point] - width(point) / 2 for point in points) - MARGIN
    return {
        point: (round(x[point] - left), MARGIN + number * ROW + HIGH / 2)
        for number, row in enumerate(rows)
        for point in row
    }


def _mean_of(others: list[Point], point: Point, x: dict[Point, float]) -> float:
    """Where others are, those of the same arrow most."""
    weights = [1 if isinstance(point, str) and isinstance(other, str) else 2 if isinstance(other, str) else 6
               for other in others]  # fmt: skip
    return sum(weight * x[other] for weight, other in zip(weights, others, strict=True)) / sum(weights)


def _side_by_side(row: list[Point], wanted: dict[Point, float]) -> dict[Point, float]:
    """The places nearest to the wanted ones, by least squares, at which boxes keep their distance."""
    from_left, at = [], 0.0
    for before, point in zip([row[0], *row], row, strict=False):
        at += (width(before) + width(point)) / 2 + GAP if before != point else 0
        from_left.append(at)
    moved = isotonic_regression([wanted[point] - at for point, at in zip(row, from_left, strict=True)],
                                weights=[1 if isinstance(point, str) else 3 for point in row]).x  # fmt: skip
    return {point: float(first + at) for point, first, at in zip(row, moved, from_left, strict=True)}


def layer_of_point(point: Point) -> int:
    return layer_of(point) if isinstance(point, str) else point[2]


def width(point: Point) -> float:
    return LETTER * len(point) + 20 if isinstance(point, str) else LANE


def rooms_picture() -> str:
    """The picture, the same text on every machine."""
    drawn = ways()
    at = places(drawn)
    wide = max(x + width(point) / 2 for point, (x, _) in at.items()) + MARGIN
    high = max(y for _, y in at.values()) + HIGH / 2 + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" '
        f'height="{high:.0f}" font-family="Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<marker id="head" orient="auto" markerWidth="8" markerHeight="8" refX="7" refY="4">'
        '<path d="M0,1 L7,4 L0,7 z" fill="#6b7785"/></marker>',
        *(f'<path d="{_line(way, at)}" fill="none" stroke="#6b7785" marker-end="url(#head)"/>' for way in drawn),
    ]
    for room, (x, y) in at.items():
        if isinstance(room, str):
            box = f'x="{x - width(room) / 2:.1f}" y="{y - HIGH / 2:.0f}" width="{width(room):.1f}" height="{HIGH}"'
            lines += [
                f'<rect {box} rx="5" fill="#eef3f8" stroke="#33526e"/>',
                f'<text x="{x}" y="{y + 4:.0f}" text-anchor="middle" fill="#14212e">{room}</text>',
            ]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _line(way: list[Point], at: dict[Point, Place]) -> str:
    """From edge to edge of two boxes, straight down through each row between."""
    (x, y), *rest = (at[point] for point in way)
    if y == rest[-1][1]:  # side by side
        side = 1 if rest[-1][0] > x else -1
        return f"M{x + side * width(way[0]) / 2:.1f},{y:.0f} H{rest[-1][0] - side * width(way[-1]) / 2:.1f}"
    y += HIGH / 2
    text = f"M{x},{y:.0f}"
    for to_x, middle in rest:
        to_y = middle - HIGH / 2
        bend = (to_y - y) / 2
        text += f" C{x},{y + bend:.0f} {to_x},{to_y - bend:.0f} {to_x},{to_y:.0f}"
        x, y = to_x, to_y
        if middle != rest[-1][1]:
            y += HIGH
            text += f" V{y:.0f}"
    return text
