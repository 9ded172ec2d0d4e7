"""What the native API takes and gives: checked on the way in, described in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from rest_framework import serializers

from hashing.lists.states import VERIFICATION, Category, FeedState, MediaType, Rule


class PullQuery(serializers.Serializer[Any]):
    cursor = serializers.CharField(
        required=False, max_length=200, help_text="`next_cursor` of the last page; leave it out to start."
    )
    limit = serializers.IntegerField(required=False, min_value=1, max_value=1000, default=500)


class NoQuery(serializers.Serializer[Any]):
    """An address that takes no parameters."""


class HashList(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = serializers.CharField()
    rule = serializers.ChoiceField(Rule.choices)
    regions = serializers.ListField(child=serializers.CharField(), help_text="Empty: everywhere.")
    distances = serializers.DictField(child=serializers.IntegerField())
    position = serializers.IntegerField(source="head", help_text="The last publication's position.")
    published_at = serializers.DateTimeField(source="head_at", allow_null=True)


class Lists(serializers.Serializer[Any]):
    lists = HashList(many=True)


class Hash(serializers.Serializer[Any]):
    type = serializers.ChoiceField(["sha256", "md5", "pdq", "phash"])
    variant = serializers.CharField(allow_blank=True, help_text="For PDQ the orientation; else empty.")
    value = serializers.CharField(help_text="Lower-case hex.")
    quality = serializers.IntegerField(allow_null=True)
    algorithm = serializers.CharField()
    max_distance = serializers.IntegerField(help_text="Match up to this many differing bits.")


class PublicationLine(serializers.Serializer[Any]):
    position = serializers.IntegerField(help_text="Rises by one from line to line.")
    at = serializers.DateTimeField()
    entry = serializers.UUIDField(help_text="What a later tombstone names.")
    state = serializers.ChoiceField(FeedState.choices)
    media_type = serializers.ChoiceField(MediaType.choices, required=False)
    category = serializers.ChoiceField(Category.choices, required=False)
    verification = serializers.ChoiceField(sorted(set(VERIFICATION.values())), required=False)
    hashes = Hash(many=True, required=False, help_text="With active lines only.")


class Page(serializers.Serializer[Any]):
    publications = PublicationLine(many=True)
    next_cursor = serializers.CharField(help_text="Keep it; send it with the next pull, also after the end.")
    has_more = serializers.BooleanField()


class Problem(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="What to do.")


def checked(form: type[serializers.Serializer[Any]], query: QueryDict) -> dict[str, Any]:
    """The query's values. Raises ValidationError, also for a parameter that isn't known or comes twice."""
    fields = form().fields
    wrong = {name: ["This parameter is not known."] for name in query if name not in fields}
    wrong |= {name: ["Give it once."] for name in query if len(query.getlist(name)) > 1}
    if wrong:
        raise serializers.ValidationError(wrong)
    given = form(data=query.dict())
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
