"""Which lost thing may be which found one, and why."""
