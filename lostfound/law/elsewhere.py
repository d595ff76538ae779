"""Other countries, so that nobody switches this law on where it isn't one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """How it is done there, as far as we know. Amounts in the country's smallest coin."""

    months: int | None = None  # until the finder may have it
    notice_above: int | None = None
    wide_notice_above: int | None = None
    reward_percent: int | None = None
    months_to_collect: int | None = None
    hand_in_days: int | None = None


COUNTRIES: dict[str, Elsewhere] = {
    "AT": Elsewhere(months=12, notice_above=10_000, wide_notice_above=100_000),  # SPG § 42a
    "CH": Elsewhere(months=60, notice_above=1_000, reward_percent=10),
    "LI": Elsewhere(reward_percent=10),
    "JP": Elsewhere(months=3, months_to_collect=2, hand_in_days=7),
}


@dataclass(frozen=True)
class Undertaking:
    """How big transport undertakings do it: a comparison for our own settings."""

    months: int | None = None
    search_weeks: int | None = None
    listed_from: int | None = None


UNDERTAKINGS: dict[str, Undertaking] = {
    "TfL": Undertaking(months=3),
    "DB": Undertaking(search_weeks=4, listed_from=1500),
}


def holds_in(country: str) -> bool:
    """Whether this package is the law there. `country` as in ISO 3166: "DE"."""
    return country == "DE"
