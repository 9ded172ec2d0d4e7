"""What all forms of the native API share."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="The list's name.")

PREFIX = OpenApiParameter("prefix", OpenApiTypes.STR, OpenApiParameter.PATH, description="The key's prefix.")


class NoQuery(serializers.Serializer[Any]):
    """An address that takes no parameters."""


class Problem(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="What to do.")


class Strict(serializers.Serializer[Any]):
    """A body that holds nothing but the known fields."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            raise serializers.ValidationError({name: ["This field is not known."] for name in unknown[:5]})
        return super().to_internal_value(data)


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


def read(form: type[serializers.Serializer[Any]], body: Any) -> dict[str, Any]:
    """The body's values. Raises ValidationError."""
    given = form(data=body)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
