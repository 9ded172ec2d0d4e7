"""Services on which things are posted: by which hosts they are known, and where each takes requests.

A starting point that every agency checks: routes change. Where a letter went last time is suggested before
what stands here (`cases.notices.selectors.last_contact`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Platform:
    """`hosts` are one site under several names, the first being its main one. "" where no route is known."""

    code: str
    name: str
    hosts: tuple[str, ...]
    form: str = ""  # the service's own page for such requests
    email: str = ""


# A site's other doors: the same page under each.
_DOORS = ("www.", "m.", "mobile.", "old.", "new.", "touch.", "amp.")

PLATFORMS = (
    Platform("bing", "Bing", ("bing.com",), form="https://www.microsoft.com/concern/revengeporn"),
    Platform("discord", "Discord", ("discord.com", "discord.gg", "discordapp.com"), form="https://dis.gd/request"),
    Platform("facebook", "Facebook", ("facebook.com", "fb.com", "fb.watch"), form="https://www.facebook.com/help/"),
    Platform("google", "Google Search", ("google.com",), form="https://support.google.com/websearch/"),
    Platform("imgur", "Imgur", ("imgur.com",), form="https://imgur.com/removalrequest"),
    Platform("instagram", "Instagram", ("instagram.com",), form="https://help.instagram.com/"),
    Platform("linkedin", "LinkedIn", ("linkedin.com",), form="https://www.linkedin.com/help/linkedin/"),
    Platform("pinterest", "Pinterest", ("pinterest.com", "pin.it"), form="https://help.pinterest.com/"),
    Platform("pornhub", "Pornhub", ("pornhub.com",), form="https://www.pornhub.com/content-removal"),
    Platform("reddit", "Reddit", ("reddit.com", "redd.it"), form="https://www.reddit.com/report"),
    Platform("snapchat", "Snapchat", ("snapchat.com",), form="https://help.snapchat.com/"),
    Platform("telegram", "Telegram", ("t.me", "telegram.me", "telegram.org"), email="abuse@telegram.org"),
    Platform("threads", "Threads", ("threads.net", "threads.com"), form="https://help.instagram.com/"),
    Platform("tiktok", "TikTok", ("tiktok.com",), form="https://www.tiktok.com/legal/report/feedback"),
    Platform("tumblr", "Tumblr", ("tumblr.com",), form="https://www.tumblr.com/abuse"),
    Platform("whatsapp", "WhatsApp", ("whatsapp.com", "wa.me", "chat.whatsapp.com"), form="https://www.whatsapp.com/contact/"),
    Platform("x", "X", ("x.com", "twitter.com"), form="https://help.x.com/en/forms"),
    Platform("youtube", "YouTube", ("youtube.com",), form="https://support.google.com/youtube/"),
)  # fmt: skip
BY_CODE = {platform.code: platform for platform in PLATFORMS}
_BY_HOST = {host: platform for platform in PLATFORMS for host in platform.hosts}


def of_host(host: str) -> Platform | None:
    """The service behind a host or any host below it, or None where it is not in the table."""
    labels = host.lower().rstrip(".").split(".")
    for start in range(len(labels) - 1):
        if found := _BY_HOST.get(".".join(labels[start:])):
            return found
    return None


def name(code: str, host: str) -> str:
    """What staff and people call it: the service's name, or the host where the service is unknown."""
    return BY_CODE[code].name if code in BY_CODE else host.removeprefix("www.")


def main_host(host: str) -> str:
    """The host without the name of its door; a service's own other names become its main one."""
    bare = host.lower().rstrip(".")
    for door in _DOORS:
        bare = bare.removeprefix(door)
    found = _BY_HOST.get(bare)
    return found.hosts[0] if found and len(found.hosts) > 1 and bare in _SAME_PAGES else bare


# Other names that serve the same pages under the same paths (a shortener's paths mean something else).
_SAME_PAGES = frozenset({"twitter.com", "fb.com", "telegram.me", "threads.com", "discordapp.com"})
