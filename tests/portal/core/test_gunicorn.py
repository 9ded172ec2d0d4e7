"""What gunicorn is told beyond its command line."""

from __future__ import annotations

import gc
from unittest.mock import Mock

from gunicorn.workers.base import Worker

from portal.core.gunicorn import post_worker_init


def test_what_a_worker_has_loaded_is_left_out_of_its_search_for_garbage() -> None:
    before = gc.get_freeze_count()
    try:
        post_worker_init(Mock(spec=Worker))
        assert gc.get_freeze_count() > before + 1000
    finally:
        gc.unfreeze()
