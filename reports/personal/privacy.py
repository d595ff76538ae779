"""What the page about privacy says of reports; its numbers are those by which the house acts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Max, Min

from reports.models import Crew, Offer
from reports.personal import retention
from reports.receiving import photo_terms
from townhall import privacy, unsent
from townhall.models import Municipality


def register() -> None:
    privacy.register("reports/privacy.html", facts)


def facts(towns: list[Municipality]) -> dict[str, Any]:
    """Two statements beside the towns. Days, hours or years, as the names say."""
    public = Offer.objects.filter(municipality__in=towns, is_active=True).aggregate(
        least=Min("depublish_after_days"), most=Max("depublish_after_days")
    )
    return {
        "unsent_hours": round(unsent.KEPT_FOR.total_seconds() / 3600),
        "confirm_days": retention.CONFIRMATION.days,
        "public_least": public["least"],
        "public_most": public["most"],
        "contact_days": retention.CONTACT_AFTER_CLOSING.days,
        "contact_years": retention.CONTACT_AT_MOST.days // 365,
        "remark_days": retention.REMARK_AFTER_DECISION.days,
        "follower_days": retention.FOLLOWER_AFTER_ENDING.days,
        "report_years": retention.REPORT_AFTER_CLOSING.days // 365,
        "report_years_at_most": retention.REPORT_AT_MOST.days // 365,
        "wished_days": retention.REPORT_AFTER_REQUEST.days,
        "link_years": retention.CAPABILITY.days // 365,
        "backups": settings.BACKUP_KEEP,
        "licences": photo_terms.terms_by_town(towns),
        "task_days": retention.TASK_LINK.days,
        "task_contact_days": retention.TASK_CONTACT_AFTER_CLOSING.days,
        "task_contact_years": retention.TASK_CONTACT_AT_MOST.days // 365,
        "evidence_days": retention.EVIDENCE.days,
        "lifted_days": retention.EVIDENCE_AFTER_RELEASE.days,
        "has_crews": Crew.objects.filter(department__serves__in=towns, is_active=True).exists(),
        "reading_logs": [
            (town.reading_log_days, town.name) for town in towns if town.keeps_reading_log
        ],
        "are_all_logged": all(town.keeps_reading_log for town in towns),
    }
