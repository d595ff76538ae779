"""One's own account: the second factor, the sessions, the password."""
