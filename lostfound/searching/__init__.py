"""What everybody may know of found things, and how they find it."""
