"""What staff do to reports: each deed one function, one transaction, written by work.py."""
