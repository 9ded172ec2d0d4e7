"""A rectangle of a picture, in pixels: left and top inside, right and bottom outside."""

from __future__ import annotations

from typing import NamedTuple, Self

# Less than this is no picture any more: the fingerprint's own frame is 512 pixels long.
SMALLEST = 16


class Rectangle(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, left: int | None, top: int | None, right: int | None, bottom: int | None) -> Self | None:
        """None unless all four are there."""
        if left is None or top is None or right is None or bottom is None:
            return None
        return cls(left, top, right, bottom)

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def fits(self, width: int, height: int) -> bool:
        """Within a picture of this size, and large enough to be a picture."""
        inside = 0 <= self.left < self.right <= width and 0 <= self.top < self.bottom <= height
        return inside and min(self.width, self.height) >= min(SMALLEST, width, height)

    def covers(self, width: int, height: int) -> bool:
        return self == (0, 0, width, height)
