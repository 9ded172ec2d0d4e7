"""Lists and their publications."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hashing.lists.lines import OTHER_REASON, PUBLIC_REASONS
from hashing.lists.states import VERIFICATION, Category, FeedState, MediaType, Rule

LONGEST_WAIT = 30


class PullQuery(serializers.Serializer[Any]):
    cursor = serializers.CharField(
        required=False, max_length=200, help_text="`next_cursor` of the last page; leave it out to start."
    )
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=1000, default=500, help_text="The most lines of a page."
    )
    wait = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LONGEST_WAIT,
        default=0,
        help_text="Seconds to wait for something to come, if there is nothing after the cursor yet.",
    )
    regional = serializers.BooleanField(
        required=False,
        default=False,
        help_text="With regional codes, masked for you and this list; for partners entitled to them.",
    )


class HashList(serializers.Serializer[Any]):
    """A list, and what of it the partner is entitled to."""

    slug = serializers.SlugField(source="list.slug")
    name = serializers.CharField(source="list.name")
    rule = serializers.ChoiceField(Rule.choices, source="list.rule", help_text="Who decides what goes on it.")
    regions = serializers.ListField(
        source="list.regions", child=serializers.CharField(), help_text="Empty: everywhere."
    )
    distances = serializers.DictField(
        source="list.distances", child=serializers.IntegerField(), help_text="Bits that may differ, by kind."
    )
    position = serializers.IntegerField(source="list.head", help_text="The last publication's position.")
    published_at = serializers.DateTimeField(source="list.head_at", allow_null=True)
    regional = serializers.BooleanField(help_text="Whether you are entitled to regional codes.")
    looks = serializers.BooleanField(help_text="Whether a look-up tells you of `look` too.")


class Lists(serializers.Serializer[Any]):
    lists = HashList(many=True)


class Hash(serializers.Serializer[Any]):
    type = serializers.ChoiceField(["sha256", "md5", "pdq", "phash"])
    variant = serializers.CharField(
        allow_blank=True, help_text="For PDQ the orientation or framing; else empty."
    )
    value = serializers.CharField(help_text="Lower-case hex.")
    quality = serializers.IntegerField(allow_null=True, help_text="0 to 100, for PDQ.")
    algorithm = serializers.CharField(help_text="What made it, with its version.")
    max_distance = serializers.IntegerField(help_text="Match up to this many differing bits.")


class Regional(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    box = serializers.ChoiceField(["full", "trimmed"], help_text="Of the whole file, or the picture in it.")
    codes = serializers.CharField(help_text="Base64; masked for you and this list.")


class Mask(serializers.Serializer[Any]):
    mask = serializers.CharField(help_text="32 bytes, hex.")


class PublicationLine(serializers.Serializer[Any]):
    position = serializers.IntegerField(help_text="Rises by one from line to line.")
    at = serializers.DateTimeField(help_text="When it was published.")
    entry = serializers.UUIDField(help_text="What a later tombstone names.")
    state = serializers.ChoiceField(FeedState.choices)
    reason = serializers.ChoiceField(
        sorted({*PUBLIC_REASONS.values(), OTHER_REASON}), required=False, help_text="Why it left."
    )
    media_type = serializers.ChoiceField(MediaType.choices, required=False)
    category = serializers.ChoiceField(Category.choices, required=False)
    verification = serializers.ChoiceField(sorted(set(VERIFICATION.values())), required=False)
    agency = serializers.CharField(required=False)
    created = serializers.DateTimeField(allow_null=True, help_text="When it was listed.")
    modified = serializers.DateTimeField(help_text="When what the feed says of it last changed.")
    hashes = Hash(many=True, required=False, help_text="With active lines only.")
    feedback = serializers.DictField(
        required=False,
        child=serializers.IntegerField(),
        help_text="With active lines: what partners report so far, as totals by kind of report.",
    )
    regional = Regional(many=True, required=False, help_text="If asked for, and consented to.")


class Page(serializers.Serializer[Any]):
    publications = PublicationLine(many=True)
    next_cursor = serializers.CharField(help_text="Keep it; send it with the next pull, also after the end.")
    has_more = serializers.BooleanField()


class PageLines(serializers.Serializer[Any]):
    """One line of NDJSON: a publication, and as the last line `next_cursor` and `has_more`."""

    next_cursor = serializers.CharField(required=False)
    has_more = serializers.BooleanField(required=False)
