"""Reports that were begun and not sent yet."""

from townhall.unsent import Shelf

SHELF = Shelf("unsent")
