"""Background tiles of a map: fetched by us, kept by us, so that visitors talk to nobody else."""

from .breaker import Breaker
from .region import Region, Tile
from .shelf import Kept, Shelf
from .source import NoTile, Source, SourceFailed
from .stock import Stock, Unreachable

__all__ = [
    "Breaker",
    "Kept",
    "NoTile",
    "Region",
    "Shelf",
    "Source",
    "SourceFailed",
    "Stock",
    "Tile",
    "Unreachable",
]
