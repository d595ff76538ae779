"""One's own account: the second factor, the sessions, the password.

docs/adr/0021-second-factor.md
"""
