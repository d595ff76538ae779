"""Absolute addresses of the pages of reports."""

from reports.models import Report, Submission
from townhall.capabilities import token_for
from townhall.links import link

__all__ = ["link", "own_token"]


def own_token(report: Report) -> str:
    """Opens the reporter's own page; "" for a report that nobody sent in. One statement."""
    client_ids = Submission.objects.filter(code=report.code).values_list("client_id", flat=True)
    client_id = client_ids.first()
    return token_for("view", client_id) if client_id else ""
