"""What the public pages speak; each has a complete catalogue in portal/locale."""

from __future__ import annotations

SPOKEN = [
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("ar", "العربية"),
    ("hi", "हिन्दी"),
    ("pt", "Português"),
    ("uk", "Українська"),
    ("zh-hans", "简体中文"),
]
