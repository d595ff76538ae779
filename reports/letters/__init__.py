"""Letters about reports, and the addresses that stand in them."""
