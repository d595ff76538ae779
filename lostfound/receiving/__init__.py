"""A thing comes to the counter: intake, lists from police and pools, the thing's own page."""
