"""What the page about privacy says of lost and found things; its numbers are those we act by."""

from __future__ import annotations

from typing import Any

from lostfound.law.policy import DEFAULT, Policy
from lostfound.losing import losses
from lostfound.models import Terms
from lostfound.terms import read_policy
from townhall import privacy
from townhall.models import Municipality


def register() -> None:
    privacy.register("lostfound/privacy.html", facts)


def facts(towns: list[Municipality]) -> dict[str, Any]:
    """Least and most of what the towns have decided. One statement."""
    known = {
        row.municipality_id: row.settings for row in Terms.objects.filter(municipality__in=towns)
    }
    policies = [read_policy(known.get(town.pk, {})) for town in towns] or [DEFAULT]
    return {
        "loss_months": _span(policies, "open_loss_months"),
        "evidence_days": _span(policies, "evidence_days"),
        "proof_years": _span(policies, "release_proof_years"),
        "receipt_years": _span(policies, "receipts_years"),
        "grid_m": _span(policies, "public_grid_m"),
        "calendar_year": all(policy.ends_with_calendar_year for policy in policies),
        "ended_days": losses.AFTER_THE_END.days,
        "asked_days": losses.ASK_BEFORE.days,
        "confirm_days": losses.CONFIRMATION.days,
    }


def _span(policies: list[Policy], name: str) -> str:
    """„6“, or „6–12“ where the towns differ."""
    values = sorted({getattr(policy, name) for policy in policies})
    return str(values[0]) if len(values) == 1 else f"{values[0]}–{values[-1]}"
