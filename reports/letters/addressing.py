"""The reporter's name in words that are for them alone: put in where they read it."""

from __future__ import annotations

import re

NAME = "name"
_NAME = re.compile(r"[ \t]*\{\{\s*name\s*\}\}", re.IGNORECASE)


def addressed(text: str, name: str) -> str:
    """„Guten Tag {{name}},“ to whom it is for; „Guten Tag,“ once nobody knows the name any more."""
    return _NAME.sub(f" {name}" if name else "", text).lstrip(" ")
