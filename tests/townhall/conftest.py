"""What the town hall's tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """An empty storage for photos."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"
