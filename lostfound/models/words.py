"""The law's codes as choices of a form."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lostfound import law
from lostfound.law import regime, release


class Regime(models.TextChoices):
    """Names of law.Regime."""

    GENERAL = law.Regime.GENERAL, _("General find (§§ 965–977 BGB)")
    VERKEHRSFUND = law.Regime.VERKEHRSFUND, _("Find in an authority or public transport (§ 978)")
    SCHATZ = law.Regime.SCHATZ, _("Treasure (§ 984)")
    UNANBRINGBAR = law.Regime.UNANBRINGBAR, _("Cannot be given back (§ 983)")
    KEIN_FUND = law.Regime.KEIN_FUND, _("Not a find in law")
    KLAERUNG = law.Regime.KLAERUNG, _("To be decided")


class Circumstance(models.TextChoices):
    """Names of law.regime.Circumstance."""

    LOST = regime.Circumstance.LOST, _("Looks lost")
    LOOKS_THROWN_AWAY = regime.Circumstance.LOOKS_THROWN_AWAY, _("Looks thrown away")
    PROVEN_THROWN_AWAY = regime.Circumstance.PROVEN_THROWN_AWAY, _("Was thrown away: proven")
    HIDDEN_FOR_AGES = regime.Circumstance.HIDDEN_FOR_AGES, _("Hidden for ages")
    LOOT = regime.Circumstance.LOOT, _("Loot")
    HANDED_IN_BY_POLICE = regime.Circumstance.HANDED_IN_BY_POLICE, _("Handed in by the police")
    CONFISCATED = regime.Circumstance.CONFISCATED, _("Confiscated")
    EVICTED = regime.Circumstance.EVICTED, _("From an eviction")


class Consent(models.TextChoices):
    """Names of law.release.Consent: may the thing go to whoever is entitled?"""

    NONE = release.Consent.NONE, _("Not asked, or no answer")
    GIVEN = release.Consent.GIVEN, _("Agrees")
    CONDITIONAL = release.Consent.CONDITIONAL, _("Agrees on a condition")
    REFUSED = release.Consent.REFUSED, _("Refuses")
