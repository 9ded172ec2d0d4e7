"""Encrypted fields look like columns: reading such an attribute opens what it holds.

A function is taken to read one where its module knows the model (imports it, or has it) and it loads an
attribute of that name. Rows that reach a module by other ways are for the tracer, which watches every test.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache

from django.apps import apps

from portal.crypto.fields import EncryptedField
from tests.portal.audit.walking.source import Function, functions, modules, resolve


@cache
def encrypted() -> dict[str, set[str]]:
    """An attribute's name -> the models that have an encrypted field of that name."""
    found: dict[str, set[str]] = defaultdict(set)
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, EncryptedField):
                found[field.attname].add(f"{model.__module__}.{model.__qualname__}")
    return found


@cache
def _known(path: str) -> frozenset[str]:
    """What the names of a module stand for."""
    (module,) = (one for one in modules().values() if one.path == path)
    return frozenset(map(resolve, module.names.values()))


def reads_encrypted(one: Function) -> bool:
    loaded = {
        node.attr
        for node in ast.walk(one.node)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    return any(encrypted()[name] & _known(one.path) for name in loaded & encrypted().keys())


@cache
def readers() -> frozenset[str]:
    return frozenset(
        name
        for name, one in functions().items()
        if not name.startswith("portal.crypto.") and reads_encrypted(one)
    )
