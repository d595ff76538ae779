"""Reports that were begun and not sent yet, and changes that were begun and not saved yet."""

from townhall.unsent import Shelf

SHELF = Shelf("unsent")
CHANGES = Shelf("own-change")
