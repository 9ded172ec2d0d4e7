"""The small signs that apps share, as strokes in a square from -1 to 1."""

from __future__ import annotations

from dataclasses import dataclass

from hashing.fingerprints.background.sheet import Colour, Sheet, star


@dataclass(frozen=True, slots=True)
class Line:
    points: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Arc:
    """Of the ellipse in this box, clockwise from the first angle (degrees from the right) to the second."""

    box: tuple[float, float, float, float]
    first: float = 0
    last: float = 360


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float


Stroke = Line | Arc | Dot


def draw(own: Sheet, name: str, x: float, y: float, size: float = 1, *, colour: Colour | None = None) -> None:
    """One icon, `size` units wide, with its middle at (x, y)."""
    half = size * own.unit / 2
    for stroke in ICONS[name]:
        _stroke(own, stroke, (x * own.unit, y * own.unit, half), colour or own.ink)


def _stroke(own: Sheet, stroke: Stroke, place: tuple[float, float, float], ink: Colour) -> None:
    x, y, half = place
    wide = max(2, round(half / 5.5))
    if isinstance(stroke, Line):
        placed = [half * value + (y if at % 2 else x) for at, value in enumerate(stroke.points)]
        own.draw.line(placed, ink, wide)
    elif isinstance(stroke, Arc):
        left, top, right, bottom = stroke.box
        box = (x + half * left, y + half * top, x + half * right, y + half * bottom)
        own.draw.arc(box, stroke.first, stroke.last, ink, wide)
    else:
        across, down, radius = x + half * stroke.x, y + half * stroke.y, half * stroke.radius
        own.draw.ellipse((across - radius, down - radius, across + radius, down + radius), ink)


ICONS: dict[str, tuple[Stroke, ...]] = {
    "heart": (
        Arc((-1, -0.8, 0, 0.2), 150, 350),
        Arc((0, -0.8, 1, 0.2), 190, 30),
        Line((-0.95, -0.1, 0, 0.9, 0.95, -0.1)),
    ),
    "bubble": (Arc((-1, -1, 1, 1), 110, 70), Line((-0.35, 0.9, -0.7, 1.2, 0.3, 0.95))),
    "plane": (Line((-1, -0.2, 1, -1, 0.2, 1, -0.1, 0.1, -1, -0.2)), Line((-0.1, 0.1, 1, -1))),
    "bookmark": (Line((-0.65, -1, 0.65, -1, 0.65, 1, 0, 0.4, -0.65, 1, -0.65, -1)),),
    "home": (Line((-1, 0, 0, -1, 1, 0)), Line((-0.7, -0.2, -0.7, 1, 0.7, 1, 0.7, -0.2))),
    "search": (Arc((-0.95, -0.95, 0.55, 0.55)), Line((0.35, 0.35, 1, 1))),
    "plus": (
        Line((-0.8, -1, 0.8, -1, 1, -0.8, 1, 0.8, 0.8, 1, -0.8, 1, -1, 0.8, -1, -0.8, -0.8, -1)),
        Line((0, -0.5, 0, 0.5)),
        Line((-0.5, 0, 0.5, 0)),
    ),
    "person": (Arc((-0.5, -0.95, 0.5, 0.05)), Arc((-1, 0.2, 1, 1.9), 180, 360)),
    "camera": (
        Line((-1, -0.6, 1, -0.6, 1, 0.8, -1, 0.8, -1, -0.6)),
        Arc((-0.42, -0.32, 0.42, 0.52)),
        Line((-0.4, -0.6, -0.2, -1, 0.2, -1, 0.4, -0.6)),
    ),
    "bell": (
        Arc((-0.7, -1, 0.7, 0.6), 180, 360),
        Line((-0.7, -0.2, -1, 0.6, 1, 0.6, 0.7, -0.2)),
        Arc((-0.3, 0.4, 0.3, 1), 0, 180),
    ),
    "gear": (Line(star(8)), Arc((-0.35, -0.35, 0.35, 0.35))),
    "star": (Line(star(5)),),
    "back": (Line((0.4, -1, -0.5, 0, 0.4, 1)),),
    "forward": (Line((-0.4, -1, 0.5, 0, -0.4, 1)),),
    "dots": (Dot(0, -0.8, 0.17), Dot(0, 0, 0.17), Dot(0, 0.8, 0.17)),
    "menu": (Line((-1, -0.6, 1, -0.6)), Line((-1, 0, 1, 0)), Line((-1, 0.6, 1, 0.6))),
    "share": (
        Line((-0.6, 0, -0.6, 1, 0.6, 1, 0.6, 0)),
        Line((0, 0.5, 0, -1)),
        Line((-0.4, -0.6, 0, -1, 0.4, -0.6)),
    ),
    "bin": (
        Line((-1, -0.6, 1, -0.6)),
        Line((-0.7, -0.6, -0.55, 1, 0.55, 1, 0.7, -0.6)),
        Line((0, -0.3, 0, 0.7)),
    ),
    "ticks": (Line((-1, 0, -0.5, 0.5, 0.4, -0.6)), Line((-0.4, 0, 0.1, 0.5, 1, -0.6))),
    "play": (Arc((-1, -1, 1, 1)), Line((-0.3, -0.5, 0.6, 0, -0.3, 0.5, -0.3, -0.5))),
    "microphone": (
        Arc((-0.35, -1, 0.35, 0.3)),
        Arc((-0.7, -0.5, 0.7, 0.6), 0, 180),
        Line((0, 0.6, 0, 1)),
    ),
    "handset": (Arc((-1.2, -1.2, 1.2, 1.2), 95, 175), Dot(-0.9, -0.1, 0.3), Dot(0.1, 0.9, 0.3)),
    "smile": (
        Arc((-1, -1, 1, 1)),
        Dot(-0.35, -0.25, 0.12),
        Dot(0.35, -0.25, 0.12),
        Arc((-0.6, -0.6, 0.6, 0.6), 20, 160),
    ),
}
