"""The desk: what staff see of the reports, in which order, and by which words they find them."""
