"""Finderlohn: § 971, and half of it under § 978 Abs. 2."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lostfound.law.grounds import Ground
from lostfound.law.money import Rounding, checked, rounded
from lostfound.law.regime import Regime

FIVE_PERCENT_UP_TO_CENTS = 50_000
VERKEHRSFUND_FROM_CENTS = 5_000
_FIVE, _THREE = Fraction(5, 100), Fraction(3, 100)


class Why(StrEnum):
    """Why the reward is what it is."""

    BY_LAW = "by_law"
    BY_DISCRETION = "by_discretion"  # worth something to its owner only: staff decide
    WAIVED = "waived"
    NOTICE_DUTY_BREACHED = "notice_duty_breached"
    CONCEALED = "concealed"
    DELIVERY_BREACHED = "delivery_breached"
    FINDER_IS_STAFF = "finder_is_staff"
    BELOW_50 = "below_50"
    NO_FINDERS_RIGHTS = "no_finders_rights"


@dataclass(frozen=True)
class Finding:
    """What speaks for and against the finder."""

    value_cents: int
    regime: Regime
    animal: bool = False
    sentimental_only: bool = False
    waived: bool = False
    notice_duty_breached: bool = False
    concealed: bool = False
    delivery_breached: bool = False
    finder_is_staff: bool = False


@dataclass(frozen=True)
class Reward:
    """`cents` is None where no formula may decide."""

    cents: int | None
    why: Why
    ground: Ground


def finders_reward(
    value_cents: int,
    *,
    regime: Regime,
    animal: bool = False,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Reward in cents for a thing of this value; 0 under regimes that give the finder none.

    Exact until the end and rounded once: half of a rounded reward would be a cent too much.
    Raises NegativeMoney.
    """
    checked(value_cents)
    match regime:
        case Regime.GENERAL:
            return rounded(_full(value_cents, animal=animal), rounding)
        case Regime.VERKEHRSFUND if value_cents >= VERKEHRSFUND_FROM_CENTS:
            return rounded(_full(value_cents, animal=animal) / 2, rounding)
        case _:
            return 0


def reward_of(finding: Finding, *, rounding: Rounding = Rounding.HALF_UP) -> Reward:
    """What the finder may claim, with the reason. What excludes it comes before what gives it."""
    why, ground = _excluded(finding)
    if why is not Why.BY_LAW:
        return Reward(0, why, ground)
    if finding.sentimental_only:
        return Reward(None, Why.BY_DISCRETION, Ground("§ 971 Abs. 1 S. 3 BGB"))
    if _too_little(finding):
        return Reward(0, Why.BELOW_50, Ground("§ 978 Abs. 2 S. 1 BGB"))
    cents = finders_reward(
        finding.value_cents, regime=finding.regime, animal=finding.animal, rounding=rounding
    )
    return Reward(cents, Why.BY_LAW, ground)


def _excluded(finding: Finding) -> tuple[Why, Ground]:
    """BY_LAW with the paragraph that gives the reward when nothing excludes it."""
    if finding.regime not in {Regime.GENERAL, Regime.VERKEHRSFUND}:
        return Why.NO_FINDERS_RIGHTS, Ground("§ 965 BGB")
    if finding.waived:
        return Why.WAIVED, Ground("§ 971 BGB")
    if finding.regime is Regime.GENERAL:
        if finding.notice_duty_breached:
            return Why.NOTICE_DUTY_BREACHED, Ground("§ 971 Abs. 2 BGB")
        if finding.concealed:
            return Why.CONCEALED, Ground("§ 971 Abs. 2 BGB")
        return Why.BY_LAW, Ground("§ 971 Abs. 1 BGB")
    if finding.finder_is_staff:
        return Why.FINDER_IS_STAFF, Ground("§ 978 Abs. 2 S. 3 BGB")
    if finding.delivery_breached or finding.concealed:
        return Why.DELIVERY_BREACHED, Ground("§ 978 Abs. 2 S. 3 BGB")
    return Why.BY_LAW, Ground("§ 978 Abs. 2 BGB")


def _too_little(finding: Finding) -> bool:
    return finding.regime is Regime.VERKEHRSFUND and finding.value_cents < VERKEHRSFUND_FROM_CENTS


def _full(value_cents: int, *, animal: bool) -> Fraction:
    """§ 971 Abs. 1 S. 2: 5 % up to 500 €, 3 % of what is above; of an animal always 3 %."""
    if animal:
        return value_cents * _THREE
    low = min(value_cents, FIVE_PERCENT_UP_TO_CENTS)
    return low * _FIVE + (value_cents - low) * _THREE
