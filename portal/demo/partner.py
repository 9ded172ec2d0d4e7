"""A partner platform: an unmodified `threatexchange` command line, and a plain client of the native API."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from hashing.fingerprints.regional import carrying, query, table
from portal.demo.narration import DemoFailed

COLLABORATION = "AGENCY"


class ThreatExchange:
    """The client that partners run, with a home folder of its own and its StopNCII exchange pointed at us."""

    def __init__(self, home: Path, base_url: str, credentials: dict[str, str]) -> None:
        home.mkdir(parents=True, exist_ok=True)
        keys = [credentials["function_key"], credentials["subscription_key"], f"{base_url}/stopncii/v1"]
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "TX_STOPNCII_KEYS": ",".join(keys),
        }

    def subscribe(self) -> None:
        self._run("config", "collab", "edit", "stop_ncii", "--create", COLLABORATION)

    def fetch(self) -> str:
        return self._run("fetch")

    def match(self, picture: Path) -> str:
        """What the client prints for `picture`: a line per match, nothing without one."""
        return self._run("match", "--only-signal", "pdq", "photo", str(picture)).strip()

    def _run(self, *arguments: str) -> str:
        command = [str(Path(sys.executable).with_name("threatexchange")), *arguments]
        run = subprocess.run(  # noqa: S603 (a fixed program with arguments of our own)
            command, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        if run.returncode:
            raise DemoFailed(
                f"threatexchange {arguments[0]} ended with {run.returncode}: {run.stderr[-500:]}"
            )
        return run.stdout + run.stderr


@dataclass
class NativeClient:
    """Pulls one list by cursor and keeps what is active, as a partner's own code would."""

    base_url: str
    api_key: str
    list_slug: str
    cursor: str | None = None

    def pull(self) -> list[dict[str, Any]]:
        """All publications since the last pull."""
        news: list[dict[str, Any]] = []
        more = True
        while more:
            page = self._page()
            news += page["publications"]
            self.cursor, more = page["next_cursor"], page["has_more"]
        return news

    def look_up(self, pictures: list[Path]) -> list[dict[str, Any]]:
        """What the portal says of each upload; asked by regional codes, as the partner kit makes them."""
        response = requests.post(
            f"{self.base_url}/api/v1/lookup",
            json={"queries": [{"regions": _regions(path)} for path in pictures]},
            headers={"Authorization": f"Bearer {self.api_key}"},
            timeout=60,
        )
        response.raise_for_status()
        answers: list[dict[str, Any]] = response.json()["answers"]
        return answers

    def _page(self) -> dict[str, Any]:
        response = requests.get(
            f"{self.base_url}/api/v1/lists/{self.list_slug}/publications",
            params={"cursor": self.cursor} if self.cursor else {},
            headers={"Authorization": f"Bearer {self.api_key}"},
            timeout=30,
        )
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer


def _regions(path: Path) -> dict[str, Any]:
    with Image.open(path) as upload:
        picture = upload.convert("RGB")
    return carrying.pack(query.prepare(picture), table.current(), picture.size)
