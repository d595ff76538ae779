"""The audit trail: facts sealed in batches, so that a change afterwards shows.

docs/adr/0022-audit-trail.md

Sealed by a job behind the deeds: no deed waits for it, and none can be left out, since it looks
for what has no seal yet. `manage.py audit_verify` reckons everything anew.
"""
