"""What serving a feed costs. Its benchmarks are registered here."""

from __future__ import annotations
