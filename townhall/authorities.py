"""Who supervises data protection at municipalities, Land by Land (Art. 77 GDPR)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

AUTHORITIES: Final = {
    "BB": "Landesbeauftragte für den Datenschutz und für das Recht auf Akteneinsicht Brandenburg",
    "BE": "Berliner Beauftragte für Datenschutz und Informationsfreiheit",
    "BW": "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Baden-Württemberg",
    "BY": "Bayerischer Landesbeauftragter für den Datenschutz",
    "HB": "Landesbeauftragte für Datenschutz und Informationsfreiheit Bremen",
    "HE": "Hessischer Beauftragter für Datenschutz und Informationsfreiheit",
    "HH": "Hamburgischer Beauftragter für Datenschutz und Informationsfreiheit",
    "MV": "Landesbeauftragter für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern",
    "NI": "Landesbeauftragter für den Datenschutz Niedersachsen",
    "NW": "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
    "RP": "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Rheinland-Pfalz",
    "SH": "Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein",
    "SL": "Unabhängiges Datenschutzzentrum Saarland",
    "SN": "Sächsische Datenschutz- und Transparenzbeauftragte",
    "ST": "Landesbeauftragte für den Datenschutz Sachsen-Anhalt",
    "TH": "Thüringer Landesbeauftragter für den Datenschutz und die Informationsfreiheit",
}


def authorities(lands: Iterable[str]) -> list[str]:
    """Of these Länder, in their order, each once."""
    return [AUTHORITIES[land] for land in dict.fromkeys(lands) if land in AUTHORITIES]
