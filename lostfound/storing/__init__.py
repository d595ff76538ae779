"""Where things lie, and from hand to hand: shelves, scans, stocktaking, the log of custody."""
