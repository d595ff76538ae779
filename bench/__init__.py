"""What Augenmerk costs beside the bare work: `manage.py bench`. See bench/README.md."""
