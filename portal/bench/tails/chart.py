"""The tail as an SVG file: how many unrelated pairs reach each score, on a logarithmic scale."""

from __future__ import annotations

from math import log10
from pathlib import Path

from portal.bench.tails.tail import Tail

WIDTH, HEIGHT, MARGIN = 720, 400, 56
LAST = 40
LOWEST = -12
COLOURS = {False: "#1d70b8", True: "#b58840"}
NAMES = {False: "pairs of two sets of photographs", True: "pairs within a set (some show one place)"}


def draw(tail: Tail, thresholds: dict[str, float], path: Path) -> None:
    """Writes the picture. thresholds: where a list of that length begins to look."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f'<g font-family="sans-serif" font-size="12"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for power in range(LOWEST, 1, 2):
        y = _y(10.0**power)
        parts.append(f'<path d="M{MARGIN} {y:.0f}H{WIDTH - 16}" stroke="#ddd"/>')
        parts.append(f'<text x="8" y="{y + 4:.0f}">1e{power}</text>')
    parts += [
        f'<text x="{_x(points):.0f}" y="{HEIGHT - 24}" text-anchor="middle">{points}</text>'
        for points in range(0, LAST + 1, 5)
    ]
    for name, least in thresholds.items():
        x = _x(least)
        parts.append(f'<path d="M{x:.0f} 24V{HEIGHT - 40}" stroke="#d4351c" stroke-dasharray="4 4"/>')
        parts.append(f'<text x="{x + 4:.0f}" y="36" fill="#d4351c">{name}</text>')
    for row, one_set in enumerate((False, True)):
        parts += _curve(tail, one_set=one_set, row=row)
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">score</text></g></svg>')
    path.write_text("\n".join(parts) + "\n")


def _curve(tail: Tail, *, one_set: bool, row: int) -> list[str]:
    pairs = max(1, tail.pairs[one_set])
    seen = [(at, tail.above(at, one_set=one_set) / pairs) for at in range(1, LAST + 1)]
    points = " ".join(f"{_x(at):.1f},{_y(share):.1f}" for at, share in seen if share)
    colour, y = COLOURS[one_set], 56 + 18 * row
    return [
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
        f'<path d="M{WIDTH - 330} {y - 4}h24" stroke="{colour}" stroke-width="2"/>',
        f'<text x="{WIDTH - 300}" y="{y}">{NAMES[one_set]}: {pairs:.2g}</text>',
    ]


def _x(points: float) -> float:
    return MARGIN + points / LAST * (WIDTH - MARGIN - 16)


def _y(share: float) -> float:
    return 24 + (log10(share) / LOWEST) * (HEIGHT - 64)
