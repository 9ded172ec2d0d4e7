"""What the OpenAPI description needs to be told. (Apart from authentication.py, which DRF loads first.)"""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from hashing.api.authentication import PartnerKeyAuthentication


class Described(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself on definition
    """The scheme in the OpenAPI description."""

    target_class = PartnerKeyAuthentication
    name = "partnerKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002 (its signature)
        return {"type": "http", "scheme": "bearer", "bearerFormat": "prefix.secret"}
