"""What everybody sees: map, list, feeds, calendars, and what is gone."""
