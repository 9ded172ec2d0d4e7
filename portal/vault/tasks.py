"""The vault's tasks. Messages hold ids only; each may come twice, or late."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from portal.core.context import Context
from portal.vault import queue
from portal.vault.services.rendering import render_reveal
from portal.vault.services.sweeping import owed_reveals, sweep


@shared_task(name="vault.render_reveal")
def render(reveal_id: str) -> None:
    render_reveal(Context.system("vault.render_reveal"), reveal_id=UUID(reveal_id))


@shared_task(name="vault.sweep")
def sweep_vault() -> None:
    sweep(Context.system("vault.sweep"))
    for reveal_id in owed_reveals():
        queue.send("vault.render_reveal", reveal_id)
