"""Personal data: who learns them on what ground, and when they end."""
