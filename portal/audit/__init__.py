"""The audit log: what was done, by whom, when, and proof that it wasn't changed afterwards.

record(ctx, Verb.CASE_OPENED, Subject("case", case.id), pictures=2)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from portal.audit.commitments import Commitment, commitment
from portal.audit.exemptions import unrecorded
from portal.audit.subjects import Subject
from portal.audit.verbs import Verb

if TYPE_CHECKING:
    from portal.audit.recording import record

__all__ = ["Commitment", "Subject", "Verb", "commitment", "record", "unrecorded"]


def __getattr__(name: str) -> Any:
    """`record` needs the models, which can't be imported yet when Django first imports this package."""
    if name == "record":
        return import_module("portal.audit.recording").record
    raise AttributeError(name)
