"""manage.py bench timing: whether following tells by its time if a reference exists.

A guess with a reference that exists and one with a reference that doesn't, through all of the portal, in
turns and in random order, so that a busy moment touches both. What a watcher could use is a difference
between the two that is larger than chance: the result holds the median of each, their ratio, and the
probability that two equal doors would differ by as much (Mann-Whitney, two-sided). All is rolled back.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from random import SystemRandom
from statistics import median, quantiles
from time import perf_counter

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from scipy.stats import mannwhitneyu

from cases.models import About, AgeRoute, CodeThrottle
from cases.services.opening import Report, open_case
from portal.agency import selectors as agency
from portal.agency import services as agencies
from portal.agency.errors import NotSetUp
from portal.bench import database
from portal.bench.registry import Options, Result, benchmark
from portal.core import references
from portal.core.context import Context
from portal.crypto import keyring
from portal.crypto.errors import KeyNotHeld

PAIRS = 400
CHANCE = 0.01


@benchmark("timing", "whether the time of a refusal tells if a reference exists")
def timing(options: Options) -> Result:
    """`sample` divides the number of guesses, for a quick run."""
    with database.ready(), transaction.atomic():
        _agency()
        report = Report(about=About.ME, age_route=AgeRoute.ADULT)
        known = open_case(Context.visitor(), report=report).reference
        result = _compared(known, max(20, PAIRS // options.sample))
        transaction.set_rollback(True)
    return result


def _agency() -> None:
    """A fresh home has neither agency nor keys nor collected files."""
    try:
        keyring.current().desk_public()
    except KeyNotHeld:
        keyring.create(Path(settings.KEYRING_DIR))
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    try:
        agency.current()
    except NotSetUp:
        agencies.set_up(Context.system("bench"), name="Bench", neutral_name="Bench", jurisdiction="AU")


def _compared(known: str, pairs: int) -> Result:
    logging.getLogger("django.request").setLevel(logging.ERROR)  # each guess is refused, as it should be
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    _guess(client, known)
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(pairs):
        turns = [True, False]
        SystemRandom().shuffle(turns)
        for exists in turns:
            times[exists].append(_guess(client, known if exists else references.new_reference()))
    return figures(times[True], times[False])


def _guess(client: Client, reference: str) -> float:
    """Clock seconds of one wrong guess; counters begin anew, so that every guess is let through."""
    CodeThrottle.objects.all().delete()
    form = {"go": "enter", "reference": reference, "code": secrets.token_hex(8)}
    started = perf_counter()
    answer = client.post("/follow/", form, secure=settings.HTTPS)
    seconds = perf_counter() - started
    if answer.status_code != 422:  # noqa: PLR2004 (refused as a wrong code)
        raise RuntimeError(f"the guess was answered with {answer.status_code}")
    return seconds


def figures(known: list[float], unknown: list[float]) -> Result:
    """What the two rows of times say about each other."""
    chance = float(mannwhitneyu(known, unknown, alternative="two-sided").pvalue)
    spread = quantiles(known + unknown, n=4)
    return {
        "guesses_of_each": len(known),
        "known_ms": round(1000 * median(known), 2),
        "unknown_ms": round(1000 * median(unknown), 2),
        "ratio": round(median(known) / median(unknown), 4),
        "middle_half_ms": round(1000 * (spread[2] - spread[0]), 2),
        "chance": round(chance, 4),
        "tells_apart": "yes" if chance < CHANCE else "no",
    }
