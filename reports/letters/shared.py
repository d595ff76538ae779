"""To a department that is asked for its part of another's report. Without the reporter."""

from __future__ import annotations

from reports.letters.inside import inside
from reports.models import Share
from townhall.letters import Draft


def asked(share: Share) -> list[Draft]:
    """None where the department has no mailbox."""
    report = share.report
    return inside(
        report,
        "shared",
        to=share.department.email,
        about=f"share:{share.pk}",
        reply_to=report.department.email or report.municipality.email,
        share=share,
    )
