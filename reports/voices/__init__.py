"""What residents say after a report came in, and how they follow it."""
