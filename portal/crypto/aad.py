"""Where a ciphertext belongs. Bound as additional data, so moving it to another row or column breaks it."""

from __future__ import annotations

from uuid import UUID


def join(*parts: bytes) -> bytes:
    """The parts, each with its length before it: no two lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def bind(table: str, row: UUID | str, field: str) -> bytes:
    """Additional data for one field of one row, by table name, primary key and column."""
    return join(table.encode(), str(row).encode(), field.encode())
