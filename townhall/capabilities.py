"""Capabilities: random-looking 256-bit tokens that give one person access to one thing.

They are derived from the client-made UUID of a submission by a keyed hash, so a repeated
submission gets the same links again although only a digest of each token is stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings


def token_for(purpose: str, client_id: UUID) -> str:
    """The token of `purpose` ("view", "confirm") for a submission: 43 URL-safe characters."""
    key = f"augenmerk capability {purpose}".encode() + settings.SECRET_KEY.encode()
    mac = hmac.digest(key, client_id.bytes, "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
