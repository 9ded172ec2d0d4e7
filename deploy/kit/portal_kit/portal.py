"""The agency's portal over its native API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import quote

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from portal_kit import bodies
from portal_kit.errors import KitError, Refused, Restarted

TIMEOUT = (10, 60)
PAGE = 1000
# A refusal for volume says how long to wait; what a restart or a proxy gets in the way of comes back soon.
# Feedback may be repeated too: the same report again changes nothing.
_RETRY = Retry(
    total=8,
    connect=2,
    status_forcelist=[429, 502, 503, 504],
    allowed_methods=["GET", "POST"],
    backoff_factor=0.5,
    respect_retry_after_header=True,
    raise_on_status=False,
)
_GONE = 410


class Portal:
    """One partner's access. `url` is the portal's address, `key` a native key as `prefix.secret`."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers.update(
            {
                "Authorization": f"Bearer {key}",
                "Accept": "application/json",
                "Accept-Encoding": bodies.CODINGS,
            }
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=_RETRY))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    def lists(self) -> list[dict[str, Any]]:
        """The lists that this key may pull: slug, name, rule, distances, position, regional."""
        found: list[dict[str, Any]] = self.get("/api/v1/lists")["lists"]
        return found

    def pages(
        self, slug: str, cursor: str | None, size: int = PAGE, *, regional: bool = False
    ) -> Iterator[dict[str, Any]]:
        """Everything published after the cursor, a page at a time: publications, next_cursor, has_more.

        Raises Restarted when the cursor is from before a restart of the list.
        """
        address, more = f"/api/v1/lists/{quote(slug)}/publications", True
        chosen: dict[str, Any] = {"limit": size} | ({"regional": "true"} if regional else {})
        while more:
            page = self.get(address, chosen | ({"cursor": cursor} if cursor else {}))
            yield page
            cursor, more = page["next_cursor"], page["has_more"]

    def mask(self, slug: str) -> bytes:
        """The secret that regional codes are masked with, for this partner and list."""
        return bytes.fromhex(self.get(f"/api/v1/lists/{quote(slug)}/mask")["mask"])

    def lookup(
        self, queries: list[dict[str, Any]], *, lists: list[str] | None = None
    ) -> list[dict[str, Any]]:
        """An answer per query, in order: `decision` and `matches`. What is asked is kept nowhere."""
        body = {"queries": queries} | ({"lists": lists} if lists else {})
        answers: list[dict[str, Any]] = self.post("/api/v1/lookup", body)["answers"]
        return answers

    def feedback(
        self, entry: str, value: str, *, reason: str | None = None, total: int = 1, how: str | None = None
    ) -> None:
        """Report what was done about an entry's matches: seen, blocked, removed, account_acted, not_matched,
        disputed (with a reason) or taken_back. `total`: of how many uploads so far, so it may be repeated."""
        report: dict[str, Any] = {"entry": entry, "value": value, "total": total}
        report |= {name: given for name, given in (("reason", reason), ("kind", how)) if given}
        self.post("/api/v1/feedback", {"reports": [report]})

    def get(self, path: str, query: dict[str, Any] | None = None) -> Any:
        """An answer's JSON."""
        return bodies.as_json(self._asked("GET", path, params=query))

    def post(self, path: str, body: Any) -> Any:
        return bodies.as_json(self._asked("POST", path, json=body))

    def stream(self, path: str, headers: dict[str, str]) -> requests.Response:
        """An answer whose body is still to be read, as it is on the wire."""
        return self._asked("GET", path, headers={"Accept": "application/zstd", **headers})

    def _asked(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer. Raises Refused with the portal's own sentence, KitError when none came."""
        try:
            # No redirects: the key is for this address alone.
            answer = self._session.request(
                method, self.url + path, timeout=TIMEOUT, allow_redirects=False, stream=True, **options
            )
            if not answer.ok or answer.is_redirect:
                raise _refusal(answer)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            message = f"{self.url} can't be reached ({type(error).__name__}). Try again later."
            raise KitError(message, "unreachable") from error
        return answer


def _refusal(answer: requests.Response) -> Refused:
    try:
        problem = bodies.as_json(answer)
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError, KitError):
        code = "not_a_portal"
        detail = f"{answer.url} answered {answer.status_code}: is this the portal's address?"
    kind = Restarted if answer.status_code == _GONE and code == "list_restarted" else Refused
    return kind(detail, code, answer.status_code)
