"""What people miss: the report of it, its hits, the letters about them."""
