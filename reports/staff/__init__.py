"""The desk: what staff see of the reports, and what they do to them."""
