"""Why a file can't be used: a stable code, and a sentence that says what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.vault.formats import MAX_BYTES, MAX_PIXELS

ACCEPTED = "JPEG, PNG, WebP, GIF, AVIF, HEIC, TIFF"

SENTENCES: dict[str, str | Promise] = {
    "empty": _("This file is empty. Choose it again, or choose another file."),
    "too_big": format_lazy(
        _("This file is larger than {megabytes} MB. Choose a smaller one."), megabytes=MAX_BYTES // 1_000_000
    ),
    "too_many": _("You can send 20 files at a time. Send the others after these."),
    "too_many_pixels": format_lazy(
        _("This file has more than {megapixels} megapixels. Choose a smaller one, or a screenshot of it."),
        megapixels=MAX_PIXELS // 1_000_000,
    ),
    "svg": format_lazy(
        _("This is a drawing (SVG), which we can't use. Take a screenshot of it. We can use: {kinds}."),
        kinds=ACCEPTED,
    ),
    "html": format_lazy(
        _("This is a web page, not a photo, whatever its name says. We can use: {kinds}."), kinds=ACCEPTED
    ),
    "pdf": format_lazy(
        _("This is a PDF document. Take a screenshot of the page instead. We can use: {kinds}."),
        kinds=ACCEPTED,
    ),
    "video": format_lazy(
        _("This is a video, which we can't use yet. Take a screenshot of it. We can use: {kinds}."),
        kinds=ACCEPTED,
    ),
    "unknown": format_lazy(
        _(
            "We can't tell what kind of file this is. Its name doesn't matter, only what is inside. "
            "We can use: {kinds}."
        ),
        kinds=ACCEPTED,
    ),
    "polyglot": _("This file has another file hidden inside it. Send a screenshot of it instead."),
    "damaged": _(
        "This file is damaged or incomplete, and can't be opened. Send it again, or a screenshot of it."
    ),
    "no_decoder": _("This portal can't open HEIC files. Send a screenshot of it, or a JPEG."),
    "unfinished": _("We tried several times but could not check this file. Send a screenshot of it instead."),
}


def sentence(code: str) -> str:
    """The translated sentence for a refusal's code."""
    return str(SENTENCES[code])
