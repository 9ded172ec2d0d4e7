"""portal-list: keep a list in a local file, and match files against it.

export PORTAL_URL=https://portal.example PORTAL_KEY_FILE=key.txt
portal-list lists
portal-list sync reviewed.list --list reviewed
portal-list match reviewed.list uploads/
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from portal_kit import progress
from portal_kit.errors import KitError
from portal_kit.portal import PAGE, Portal
from portal_kit.store import LocalList
from portal_kit.syncing import sync

FAILED = 1


class Commands(Protocol):
    """What argparse keeps private: the commands to describe."""

    def add_parser(self, name: str, *, help: str) -> ArgumentParser: ...  # noqa: A002 (argparse's name)


def main(words: list[str] | None = None) -> int:
    """Run a command; what it exits with: 0, or 1 with a sentence on stderr."""
    chosen = _parser().parse_args(words)
    try:
        chosen.run(chosen)
    except KitError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What has arrived is kept; the next sync goes on from there.\n")
        return FAILED
    except BrokenPipeError:
        # Whoever read the lines, such as `head`, has enough. Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser("portal-list", description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--url", default=os.environ.get("PORTAL_URL", ""), help="the portal (PORTAL_URL)")
    parser.add_argument(
        "--key-file",
        type=Path,
        default=os.environ.get("PORTAL_KEY_FILE"),
        help="a file with your native key, prefix.secret (PORTAL_KEY_FILE; or the key itself in PORTAL_KEY)",
    )
    commands = parser.add_subparsers(required=True)
    for describe in (_describe_lists, _describe_looking_up, _describe_reporting):
        describe(commands)
    return parser


def _describe_lists(commands: Commands) -> None:
    commands.add_parser("lists", help="the lists that you may pull").set_defaults(run=_lists)
    one = commands.add_parser("sync", help="bring a local list up to date; the first time, all of it")
    one.add_argument("file", type=Path)
    one.add_argument("--list", required=True, help="the list's name at the portal")
    one.add_argument("--page", type=int, default=PAGE, help="how many lines to ask for at a time")
    one.add_argument(
        "--regional", action="store_true", help="with regional fingerprints, if you may have them"
    )
    one.set_defaults(run=_sync)
    one = commands.add_parser("status", help="what a local list holds, as JSON")
    one.add_argument("file", type=Path)
    one.set_defaults(run=_status)


def _describe_looking_up(commands: Commands) -> None:
    one = commands.add_parser("match", help="look files up: a JSON line each")
    one.add_argument("file", type=Path, help="the local list")
    one.add_argument("uploads", nargs="+", type=Path, help="files and folders")
    one.set_defaults(run=_match)
    one = commands.add_parser("lookup", help="ask the portal about files, without a local list: a line each")
    one.add_argument("uploads", nargs="+", type=Path, help="files and folders")
    one.add_argument("--list", action="append", help="only this list; may be repeated")
    one.set_defaults(run=_lookup)


def _describe_reporting(commands: Commands) -> None:
    one = commands.add_parser("feedback", help="report what you did about an entry's matches")
    one.add_argument("entry")
    one.add_argument(
        "value", help="seen, blocked, removed, account_acted, not_matched, disputed or taken_back"
    )
    one.add_argument("--reason", help="with disputed: why")
    one.add_argument("--total", type=int, default=1, help="of how many uploads so far")
    one.set_defaults(run=_feedback)


def _portal(chosen: Namespace) -> Portal:
    if not chosen.url:
        raise KitError("Say which portal: --url, or PORTAL_URL.", "no_url")
    key = os.environ.get("PORTAL_KEY", "")
    if chosen.key_file:
        try:
            key = Path(chosen.key_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise KitError(f"{chosen.key_file} can't be read ({error.strerror}).", "no_key") from error
    if not key:
        raise KitError("Give your key: a file with it in PORTAL_KEY_FILE, or itself in PORTAL_KEY.", "no_key")
    return Portal(chosen.url, key)


def _lists(chosen: Namespace) -> None:
    with _portal(chosen) as portal:
        for each in portal.lists():
            _say(each)


def _sync(chosen: Namespace) -> None:
    with _portal(chosen) as portal, LocalList(chosen.file) as local:
        show = progress.bar("pulled")
        done = sync(local, portal, chosen.list, regional=chosen.regional, progress=show, size=chosen.page)
        _say(vars(done))


def _feedback(chosen: Namespace) -> None:
    with _portal(chosen) as portal:
        portal.feedback(chosen.entry, chosen.value, reason=chosen.reason, total=chosen.total)


def _match(chosen: Namespace) -> None:
    with _existing(chosen.file) as local:
        matcher = _with_libraries("portal_kit.matching").Matcher(local)
        _each(chosen.uploads, lambda path: matcher.match(path).as_json(), "matched")


def _lookup(chosen: Namespace) -> None:
    asking = _with_libraries("portal_kit.asking")
    with _portal(chosen) as portal:
        _each(chosen.uploads, lambda path: asking.ask(portal, path, lists=chosen.list), "looked up")


def _each(given: list[Path], answer: Callable[[Path], dict[str, Any]], what: str) -> None:
    """A line for each file, also for one that can't be read."""
    files = [path for each in given for path in _files(each)]
    show = progress.bar(what)
    for count, path in enumerate(files, 1):
        try:
            said = answer(path)
        except OSError as error:
            said = {"decision": None, "matches": [], "refused": f"unreadable: {error.strerror}"}
        _say({"file": str(path), **said})
        show(count, len(files))


def _status(chosen: Namespace) -> None:
    with _existing(chosen.file) as local:
        held = {name: local.about(name) for name in ("url", "list", "position", "synced_at")}
        _say({**held, "entries": len(local)})


def _existing(file: Path) -> LocalList:
    if not file.is_file():
        raise KitError(f"There is no {file}. Make it with `portal-list sync`.", "no_file")
    return LocalList(file)


def _with_libraries(module: str) -> Any:
    """A module that reads pictures: the libraries for that are needed for nothing else."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        message = f"To look files up, install portal-kit[match] ({error.name} is missing)."
        raise KitError(message, "no_matcher") from error


def _files(given: Path) -> Iterator[Path]:
    """A file itself; of a folder, all files below it but hidden ones, in order."""
    if not given.is_dir():
        yield given
        return
    yield from sorted(path for path in given.rglob("*") if path.is_file() and not path.name.startswith("."))


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
