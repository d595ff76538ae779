"""Herausgabe: may it leave, what is owed, who signs."""
