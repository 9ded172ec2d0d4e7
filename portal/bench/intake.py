"""manage.py bench intake: what each page of the journey costs beside a bare page of the same server."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from portal.agency import services as agency
from portal.agency.models import Agency
from portal.bench import database, filling, photos
from portal.bench.registry import Options, Result, benchmark
from portal.core.context import Context
from portal.crypto import keyring

PEOPLE = 40
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
# The answers of one person, page by page.
ANSWERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("start", {}),
    ("leaving", {}),
    ("danger", {"danger": "no"}),
    ("about", {"about": "me"}),
    ("age", {"age": "adult"}),
    ("happened", {"circumstances": ["shared"]}),
    ("story", {"story": "It was posted after we split up. " * 20}),
    ("way", {"way": "send"}),
    ("contact", {"reach": "email"}),
    ("safe", {"contact": "someone@post.example", "safe_to_leave": "no"}),
    ("code", {"go": "skip"}),
    ("upload", {}),
    ("files", {}),
    ("links", {"links": "https://video.example/watch?v=1"}),
    ("more", {"who": "partner"}),
    ("consents", {"partners": "on"}),
    ("check", {}),
)
# A page that does more than show and keep is held to a bare view that does the same.
PEERS = {"check": "derive", "upload": "upload"}
Spent = dict[str, list[float]]


@benchmark("intake", "every page of the journey, as ratios to a bare page with one query")
def intake(options: Options) -> Result:
    """95th percentiles over people, POST and the page after it together beside two bare pages; `check` runs
    Argon2id and `upload` takes a photograph, and so do the bare views that they are held to."""
    spent: Spent = defaultdict(list)
    picture = photos.files(options.bank)[0]
    with database.ready(), filling.undone(), _apart():
        if not Agency.objects.exists():
            ctx = Context.system("bench")
            agency.set_up(ctx, name="Bench", neutral_name="Updates", jurisdiction="AU")
        for number in range(max(4, PEOPLE // options.sample) + 1):
            for name, seconds in _person(picture):
                if number:  # the first one finds everything cold
                    spent[name].append(seconds)
    return _ratios(spent)


@contextmanager
def _apart() -> Iterator[None]:
    """The bare pages' addresses, and keys and files of the run's own, which go with it.

    The addresses of built files are looked up in a list that only a collected installation has.
    """
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keyring"
        keyring.create(keys)
        vault = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
        with override_settings(
            ROOT_URLCONF="portal.bench.intake_urls",
            STORAGES={"default": vault, "staticfiles": {"BACKEND": PLAIN}},
            KEYRING_DIR=keys,
            VAULT_DIR=Path(folder),
        ):
            yield


def _person(picture: bytes) -> Iterator[tuple[str, float]]:
    """One person's way from the first page to the receipt, with the bare pages in between."""
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    for step, answers in ANSWERS:
        yield "page", _seconds(partial(_twice, client, "/bare/page"))
        if step in PEERS:
            peer = PEERS[step]
            yield f"{peer}_peer", _seconds(partial(_bare, client, peer, picture))
        yield step, _seconds(partial(_answer, client, step, answers, picture))


def _answer(client: Client, step: str, answers: dict[str, Any], picture: bytes) -> None:
    """Send one page and look at the next."""
    data = {"step": step, "go": "on"} | answers
    if step == "upload":
        data = {"step": "files", "go": "add", "upload": SimpleUploadedFile("a.jpg", picture)}
    sent, shown = client.post("/", data, secure=settings.HTTPS), client.get("/", secure=settings.HTTPS)
    if (sent.status_code, shown.status_code) != (303, 200):
        raise RuntimeError(f"{step} answered {sent.status_code}, then {shown.status_code}")


def _bare(client: Client, peer: str, picture: bytes) -> None:
    data = {"upload": SimpleUploadedFile("a.jpg", picture)} if peer == "upload" else {}
    client.post(f"/bare/{peer}", data, secure=settings.HTTPS)
    client.get("/bare/page", secure=settings.HTTPS)


def _twice(client: Client, address: str) -> None:
    client.post(address, secure=settings.HTTPS)
    client.get(address, secure=settings.HTTPS)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _ratios(spent: Spent) -> Result:
    """Each page's p95 to its peer's."""
    p95 = {name: quantiles(seconds, n=20)[-1] for name, seconds in spent.items()}
    ratios = {
        step: round(p95[step] / p95[f"{PEERS[step]}_peer" if step in PEERS else "page"], 2)
        for step, _answers in ANSWERS
    }
    plain = {step: ratio for step, ratio in ratios.items() if step not in PEERS}
    worst = max(plain, key=plain.__getitem__)
    return {
        "people": len(spent["start"]),
        "bare_page_p95_ms": round(p95["page"] * 1000, 1),
        "ratio_worst": plain[worst],
        "worst": worst,
        **{f"ratio_{step}": ratio for step, ratio in ratios.items()},
    }
