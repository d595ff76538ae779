"""What the law leaves open and a municipality decides. The defaults are named on its screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from enum import StrEnum

from lostfound.law.grounds import Ground, practice, reading
from lostfound.law.money import Rounding


class DataMedia(StrEnum):
    """What happens to the data on a phone or stick before it goes to somebody new."""

    ERASE_IF_FEASIBLE = "erase_if_feasible"  # Baden-Württemberg's 32nd data protection report
    ERASE_OR_KEEP = "erase_or_keep"  # Saxony-Anhalt's 12th report, Düsseldorf
    CERTIFIED_WIPE = "certified_wipe"  # Magdeburg, at the finder's cost


@dataclass(eq=False)
class IllegalPolicy(Exception):
    """A value that the law or the promise to the public doesn't leave open."""

    setting: str


@dataclass(frozen=True)
class Policy:
    """The settings of one municipality. Days, months and years are counted as `periods` does.

    Raises IllegalPolicy.
    """

    rounding: Rounding = Rounding.HALF_UP
    # An owner who comes on the Monday after a period that ended on a Sunday shall not be too late.
    hold_until_working_day: bool = True
    collection_days: int = 28
    declaration_days: int = 28
    notice_days: int = 42  # the shortest that a Land's rules are known to ask for: six weeks
    # From when the amended § 979 Abs. 1a counts; None: nobody has checked yet.
    online_auction_from: dt.date | None = None
    resubmission_days: int = 14
    document_wait_days: int = 14
    data_media: DataMedia = DataMedia.ERASE_OR_KEEP
    public_grid_m: int = 300
    photos_public: bool = False
    open_loss_months: int = 6
    evidence_days: int = 30
    release_proof_years: int = 3
    ends_with_calendar_year: bool = True
    receipts_years: int = 10
    offer_to_archive: bool = True
    archive_days: int = 28  # an archive that is silent so long wants nothing

    def __post_init__(self) -> None:
        for setting in fields(self):
            value = getattr(self, setting.name)
            if isinstance(value, int) and not isinstance(value, bool) and value < 1:
                raise IllegalPolicy(setting.name)
        if self.public_grid_m < LEAST_GRID_M:
            raise IllegalPolicy("public_grid_m")


LEAST_GRID_M = 250  # finer would lead a stranger to the spot

# Every setting with what it hangs on, in the order of the screen.
GROUNDS: dict[str, Ground] = {
    "rounding": reading("§ 971 BGB"),
    "hold_until_working_day": reading("§ 193 BGB"),
    "collection_days": reading("§ 976 Abs. 2 BGB"),
    "declaration_days": reading("§§ 974, 1003 BGB"),
    "notice_days": reading("§§ 980, 982 BGB"),
    "online_auction_from": reading("§ 979 Abs. 1a BGB, BGBl. 2024 I Nr. 323"),
    "resubmission_days": reading("§ 975 S. 3 BGB"),
    "document_wait_days": reading("§ 3 Abs. 2 FundV (BY)"),
    "data_media": practice("Art. 5 DSGVO"),
    "public_grid_m": reading("Art. 5 Abs. 1 lit. c DSGVO"),
    "photos_public": practice("Art. 5 Abs. 1 lit. c DSGVO"),
    "open_loss_months": reading("Art. 5 Abs. 1 lit. e DSGVO"),
    "evidence_days": reading("Art. 5 Abs. 1 lit. e DSGVO"),
    "release_proof_years": reading("§ 195 BGB"),
    "ends_with_calendar_year": reading("§ 199 Abs. 1 BGB"),
    "receipts_years": reading("GemHVO"),
    "offer_to_archive": practice("Archivgesetz des Landes"),
    "archive_days": reading("Archivgesetz des Landes"),
}
DEFAULT = Policy()
