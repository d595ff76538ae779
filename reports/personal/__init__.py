"""Personal data: found in texts, kept no longer than needed, copied and erased on demand."""
