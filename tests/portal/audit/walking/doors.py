"""Every way in, found by asking Django and Celery: addresses, tasks, commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from celery import current_app
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from tests.portal.audit.walking.source import PACKAGES, functions


def views() -> dict[str, str]:
    """Address -> the function (or class) of ours that answers it; third-party views are left out."""
    found = {}
    for address, callback in _patterns(get_resolver().url_patterns, ""):
        view = _original(getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback)
        if view.__module__.startswith(PACKAGES):
            found[address] = f"{view.__module__}.{view.__qualname__}"
    return found


def _patterns(patterns: list[Any], front: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for one in patterns:
        address = front + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, address)
        elif isinstance(one, URLPattern):
            yield address, one.callback


def _original(view: Any) -> Any:
    return view if inspect.isclass(view) else inspect.unwrap(view)


def tasks() -> dict[str, str]:
    """Task -> its function."""
    for package in {name.rpartition(".")[0] for name in _task_modules()}:
        import_module(f"{package}.tasks")
    return {
        name: f"{task.run.__module__}.{task.run.__qualname__}"
        for name, task in current_app.tasks.items()
        if task.run.__module__.startswith(PACKAGES)
    }


def _task_modules() -> set[str]:
    return {
        one.path.removesuffix(".py").replace("/", ".")
        for one in functions().values()
        if "/tasks.py" in one.path
    }


def commands() -> dict[str, str]:
    """Command -> its class; those of the left-out packages are not in the graph."""
    found = {name: f"{app}.management.commands.{name}.Command" for name, app in get_commands().items()}
    known = {one.name.rpartition(".")[0] for one in functions().values()}
    return {name: place for name, place in found.items() if place in known}


def functions_of(place: str) -> set[str]:
    """A view, task or command's own functions: itself, or all its methods."""
    return {name for name in functions() if name == place or name.startswith(f"{place}.")}
