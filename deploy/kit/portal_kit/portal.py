"""The agency's portal over its native API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from portal_kit.errors import KitError, Refused, Restarted

TIMEOUT = (10, 60)
PAGE = 1000
# A refusal for volume says how long to wait; what a restart or a proxy gets in the way of comes back soon.
_RETRY = Retry(
    total=8,
    connect=2,
    status_forcelist=[429, 502, 503, 504],
    allowed_methods=["GET"],
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
        self._session.headers.update({"Authorization": f"Bearer {key}", "Accept": "application/json"})
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=_RETRY))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    def lists(self) -> list[dict[str, Any]]:
        """The lists that this key may pull: slug, name, rule, distances, position."""
        found: list[dict[str, Any]] = self.get("/api/v1/lists/").json()["lists"]
        return found

    def pages(self, slug: str, cursor: str | None, size: int = PAGE) -> Iterator[dict[str, Any]]:
        """Everything published after the cursor, a page at a time: publications, next_cursor, has_more.

        Raises Restarted when the cursor is from before a restart of the list.
        """
        address, more = f"/api/v1/lists/{quote(slug)}/publications", True
        while more:
            query: dict[str, Any] = {"limit": size} | ({"cursor": cursor} if cursor else {})
            page: dict[str, Any] = self.get(address, query).json()
            yield page
            cursor, more = page["next_cursor"], page["has_more"]

    def get(self, path: str, query: dict[str, Any] | None = None) -> requests.Response:
        return self._asked("GET", path, params=query)

    def post(self, path: str, body: Any) -> requests.Response:
        return self._asked("POST", path, json=body)

    def _asked(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer. Raises Refused with the portal's own sentence, KitError when none came."""
        try:
            # No redirects: the key is for this address alone.
            answer = self._session.request(
                method, self.url + path, timeout=TIMEOUT, allow_redirects=False, **options
            )
        except requests.RequestException as error:
            message = f"{self.url} can't be reached ({type(error).__name__}). Try again later."
            raise KitError(message, "unreachable") from error
        if not answer.ok or answer.is_redirect:
            raise _refusal(answer)
        return answer


def _refusal(answer: requests.Response) -> Refused:
    try:
        problem = answer.json()
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        code, detail = (
            "not_a_portal",
            f"{answer.url} answered {answer.status_code}: is this the portal's address?",
        )
    kind = Restarted if answer.status_code == _GONE and code == "list_restarted" else Refused
    return kind(detail, code, answer.status_code)
