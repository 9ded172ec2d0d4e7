"""A place in a list's feed as partners keep it: the list, its epoch and a position, in one opaque word."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64encode

from hashing.lists.models import List

FORM = struct.Struct(">B16s11sQ")
VERSION = 1


def encode(hash_list: List, position: int) -> str:
    packed = FORM.pack(VERSION, hash_list.pk.bytes, hash_list.epoch.encode(), position)
    return urlsafe_b64encode(packed).decode()
