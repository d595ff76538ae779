"""What `bench/chaos.py` is made of: a house of its own, people who use it, and who breaks it."""
