"""A Chromium for the browser tests. Without any, the run fails with a sentence: none is ever skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from portal.bench import browsers

PATIENCE = 30_000  # milliseconds that an expectation may take to come true


def find() -> browsers.Program:
    try:
        return browsers.find()
    except browsers.NoBrowser as error:
        pytest.fail(str(error), pytrace=False)


@contextmanager
def running() -> Iterator[Browser]:
    """A headless browser."""
    program = find()
    expect.set_options(timeout=PATIENCE)
    # Playwright leaves an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program.path,
                args=browsers.options(),
                # It would keep crash reports in the user's home.
                env={**os.environ, **program.environment, "XDG_CONFIG_HOME": str(browsers.CACHE / "config")},
            )
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
