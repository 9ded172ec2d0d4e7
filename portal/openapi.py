"""What the partner API's description says of itself."""

from __future__ import annotations

from typing import Any


def described(base_url: str) -> dict[str, Any]:
    """drf-spectacular's settings."""
    return {
        "TITLE": "Portal partner API",
        "VERSION": "1",
        "OAS_VERSION": "3.1.0",
        "SERVE_INCLUDE_SCHEMA": False,
        "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
        "SCHEMA_PATH_PREFIX": "/api/v1",
        "DESCRIPTION": "Lists of fingerprints for platforms: pull them, look uploads up, tell what came "
        "of it. A version is served for at least a year after `Deprecation` and `Sunset` announce its end; "
        "fields may be added at any time.",
        "CONTACT": {"name": "The agency that runs this portal", "url": base_url},
        "SERVERS": [{"url": base_url, "description": "This portal."}],
        "TAGS": [
            {"name": "lists", "description": "Which lists there are, and what is published on them."},
            {"name": "snapshots", "description": "Whole lists as files."},
            {"name": "lookup", "description": "Looking uploads up without holding a list."},
            {"name": "feedback", "description": "What came of matches, and what else you removed."},
            {"name": "webhooks", "description": "Being told that a list has moved."},
            {"name": "keys", "description": "Your own keys."},
            {"name": "service", "description": "Signatures and the state of the service."},
        ],
    }
