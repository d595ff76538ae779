"""Lists that the demo's dispatchers gave a name."""

from __future__ import annotations

from collections.abc import Mapping

from reports.desk.wish import Wish
from reports.models import SavedView
from townhall.models import Department, User

# Name, what is asked for, the department with which it is shared ("" for none).
VIEWS = (
    ("Bäume, noch niemand dran", "kategorie:baumgefahr bearbeiter:niemand sort:alt", ""),
    ("Diese Woche fällig", "status:offen frist:<=5t sort:frist", "bensheim-tiefbau"),
    ("Auerbach, offen", "status:offen bereich:Auerbach", ""),
)
OWNER = "disposition.bensheim"


def load_saved_views(departments: Mapping[str, Department]) -> None:
    owner = User.objects.get(username=OWNER)
    SavedView.objects.bulk_create(
        SavedView(
            owner=owner,
            name=name,
            asks=Wish.parse({"ansicht": "alle", "q": text}).query,
            department=departments.get(shared),
            position=position,
        )
        for position, (name, text, shared) in enumerate(VIEWS)
    )
