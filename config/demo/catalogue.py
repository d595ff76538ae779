"""The catalogue of defects: what people can report. Good for a real town too.

`load_catalogue()` writes groups, categories and questions by their stable codes (again = update);
`load_offers()` gives each municipality the terms that stand here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reports.models import (
    Category,
    Offer,
    Publication,
    PublicPlace,
    Question,
    QuestionKind,
)
from townhall.models import Municipality

YES = "yes"


@dataclass(frozen=True)
class Option:
    """One answer of a list: its key is stored, the names are shown."""

    key: str
    name: str
    english: str


@dataclass(frozen=True)
class Asked:
    """One more question about a category."""

    code: str
    kind: QuestionKind
    text: str
    english: str
    options: tuple[Option, ...] = ()
    required: bool = False
    hazard: tuple[str, ...] = ()


@dataclass(frozen=True)
class Defect:
    """A category and its usual terms. `days` are working days until an answer is due."""

    code: str
    name: str
    english: str
    icon: str
    hint: str
    synonyms: str
    days: int = 5
    questions: tuple[Asked, ...] = ()
    is_hazard: bool = False
    public_place: PublicPlace = PublicPlace.EXACT
    publication: Publication = Publication.AT_ONCE


@dataclass(frozen=True)
class Group:
    """A group of categories; never reported itself."""

    code: str
    name: str
    english: str
    icon: str
    defects: tuple[Defect, ...] = field(default=())


ACUTE = Asked(
    "akut",
    QuestionKind.YES_NO,
    "Besteht akute Gefahr?",
    "Is anyone in danger right now?",
    hazard=(YES,),
)
ROAD_KIND = Asked(
    "lage",
    QuestionKind.CHOICE,
    "Liegt die Stelle im Ort oder außerhalb?",
    "Is it inside the town or out on the open road?",
    options=(
        Option("town", "Im Ort", "Inside the town"),
        Option("open_road", "Außerhalb, an einer Landes- oder Bundesstraße", "On an open road"),
    ),
)

GROUPS: tuple[Group, ...] = (
    Group(
        "strassen",
        "Straßen und Wege",
        "Roads and paths",
        "road",
        (
            Defect(
                "schlagloch",
                "Schlagloch",
                "Pothole",
                "pothole",
                "Ein Foto mit einem Gegenstand zum Vergleich hilft, die Tiefe einzuschätzen.",
                "Straßenloch, Löcher in der Straße, Asphaltschaden, Absenkung, Schlaglöcher, "
                "Teer, Fahrbahn, Straßenbelag, Bodenwelle, Spurrillen",
                questions=(
                    Asked(
                        "ground",
                        QuestionKind.CHOICE,
                        "Wo ist das Schlagloch?",
                        "Where is the pothole?",
                        options=(
                            Option("road", "Auf der Fahrbahn", "On the carriageway"),
                            Option("cycleway", "Auf dem Radweg", "On the cycle path"),
                            Option("sidewalk", "Auf dem Gehweg", "On the pavement"),
                        ),
                    ),
                    ROAD_KIND,
                    ACUTE,
                ),
            ),
            Defect(
                "gehwegschaden",
                "Gehweg beschädigt",
                "Damaged pavement",
                "sidewalk",
                "Lose Platten, Wurzeln, abgesackte Stellen: alles, worüber man stolpern kann.",
                "Bürgersteig, Gehsteig, Trottoir, Fußweg, Stolperfalle, lose Gehwegplatte, "
                "Bordstein, Randstein, Pflaster, Rollator, Stufe, uneben",
                questions=(
                    Asked(
                        "rollstuhl",
                        QuestionKind.YES_NO,
                        "Kommt man mit Rollstuhl oder Kinderwagen noch vorbei?",
                        "Can a wheelchair or pram still get past?",
                    ),
                ),
            ),
            Defect(
                "radwegschaden",
                "Radweg beschädigt",
                "Damaged cycle path",
                "bicycle",
                "Beschreiben Sie, aus welcher Richtung man auf die Stelle zufährt.",
                "Fahrradweg, Radspur, Radstreifen, Wurzelaufbruch, Wurzeln, Scherben, "
                "Glassplitter, Radfahrer, Veloweg",
                questions=(ROAD_KIND,),
            ),
            Defect(
                "bauwerk",
                "Brücke, Treppe oder Mauer beschädigt",
                "Damaged bridge, steps or wall",
                "bridge",
                "Auch fehlende Geländer und lose Handläufe gehören hierher.",
                "Geländer, Handlauf, Stufe, Stützmauer, Unterführung, Steg, Durchlass",
                days=8,
                questions=(ACUTE,),
            ),
            Defect(
                "kanaldeckel",
                "Kanaldeckel fehlt oder ist lose",
                "Manhole cover missing or loose",
                "drain",
                "Fehlt der Deckel ganz, rufen Sie bitte zusätzlich die Bereitschaft an.",
                "Gullydeckel, Schachtdeckel, Deckel klappert, offener Schacht",
                days=1,
                is_hazard=True,
            ),
            Defect(
                "oelspur",
                "Ölspur",
                "Oil on the road",
                "road",
                "Ölspuren sind rutschig. Bei frischem Öl auf der Fahrbahn bitte auch 112 anrufen.",
                "Öl, Diesel, Benzin, Schmierfilm, rutschige Fahrbahn",
                days=1,
                is_hazard=True,
            ),
            Defect(
                "winterdienst",
                "Schnee oder Eis nicht geräumt",
                "Snow or ice not cleared",
                "winter",
                "Vor Privathäusern räumen die Anlieger. Hier geht es um öffentliche Flächen.",
                "Glatteis, Schnee, räumen, gestreut, streuen, Streugut, Streusalz, glatt, "
                "vereist, Winter",
                days=1,
            ),
        ),
    ),
    Group(
        "licht",
        "Licht und Ampeln",
        "Lights and signals",
        "streetlight",
        (
            Defect(
                "laterne",
                "Straßenlaterne defekt",
                "Street light out",
                "streetlight",
                "Die Nummer steht meist auf einem kleinen Schild am Mast, etwa in Augenhöhe.",
                "Lampe, Leuchte, Beleuchtung, Laterne flackert, dunkel, Straßenlampe, Licht aus, "
                "Lampenmast, Leuchtmittel, broken street light",
                days=6,
                questions=(
                    Asked(
                        "mast",
                        QuestionKind.TEXT,
                        "Welche Nummer steht am Mast?",
                        "Which number is on the post?",
                    ),
                    Asked(
                        "licht",
                        QuestionKind.CHOICE,
                        "Was macht die Laterne?",
                        "What does the light do?",
                        options=(
                            Option("dark", "Sie ist dunkel", "It is dark"),
                            Option("flicker", "Sie flackert", "It flickers"),
                            Option("day", "Sie brennt am Tag", "It is on by day"),
                            Option("leaning", "Der Mast steht schief", "The post is leaning"),
                        ),
                        hazard=("leaning",),
                    ),
                ),
            ),
            Defect(
                "ampel",
                "Ampel gestört",
                "Traffic light fault",
                "traffic-light",
                "Ist die Ampel an einer Kreuzung ganz aus, rufen Sie bitte auch die Polizei an.",
                "Lichtsignalanlage, Fußgängerampel, Ampelanlage, Drücker, Blindenampel, rot, "
                "grün, Grünphase, blinkt gelb",
                days=2,
                questions=(ROAD_KIND, ACUTE),
            ),
        ),
    ),
    Group(
        "verkehr",
        "Schilder und Verkehr",
        "Signs and traffic",
        "sign",
        (
            Defect(
                "schild",
                "Verkehrsschild beschädigt",
                "Damaged road sign",
                "sign",
                "Was steht auf dem Schild? Das hilft, gleich das richtige mitzubringen.",
                "Schild, Straßenschild, Hinweisschild, Verkehrszeichen, Wegweiser, Markierung, "
                "Zebrastreifen, Poller, Sperrpfosten, Verkehrsspiegel, verdreht, unleserlich, "
                "umgefahren",
                questions=(
                    Asked(
                        "aufschrift",
                        QuestionKind.TEXT,
                        "Was ist auf dem Schild zu sehen?",
                        "What does the sign show?",
                    ),
                ),
            ),
            Defect(
                "schrottfahrzeug",
                "Schrottfahrzeug oder Schrottrad",
                "Abandoned vehicle or bicycle",
                "abandoned-vehicle",
                "Bitte keine Kennzeichen in die Beschreibung schreiben, nur Marke und Farbe.",
                "Autowrack, Auto ohne Kennzeichen, Nummernschild, abgemeldetes Fahrzeug, "
                "Anhänger, Motorroller, Wohnwagen, Fahrradleiche, Fahrradwrack, Schrott",
                days=10,
                questions=(
                    Asked(
                        "kennzeichen",
                        QuestionKind.YES_NO,
                        "Hat das Fahrzeug ein Kennzeichen?",
                        "Does the vehicle have a number plate?",
                    ),
                ),
                public_place=PublicPlace.STREET,
                publication=Publication.AFTER_REVIEW,
            ),
            Defect(
                "falschparken",
                "Falsch geparkt",
                "Illegal parking",
                "sign",
                "Diese Meldung sieht nur das Ordnungsamt. Wird jemand gefährdet: 110.",
                "parkt, Parken, Falschparker, Parker, zugeparkt, Gehweg, Feuerwehrzufahrt, "
                "Einfahrt, Parkverbot",
                days=3,
                public_place=PublicPlace.NONE,
                publication=Publication.NEVER,
            ),
        ),
    ),
    Group(
        "sauberkeit",
        "Müll und Sauberkeit",
        "Litter and cleanliness",
        "waste",
        (
            Defect(
                "wilder-muell",
                "Wilder Müll",
                "Fly-tipping",
                "waste",
                "Bitte nichts anfassen, auch keine Säcke öffnen. Ein Foto genügt.",
                "Müll, Abfall, Dreck, Bauschutt, Reifen, Müllsäcke, Unrat, Elektroschrott, "
                "illegale Müllablagerung, entsorgt, abgeladen, vermüllt, Kippen, Einkaufswagen, "
                "Ratten, rubbish, garbage, litter",
                days=3,
                questions=(
                    Asked(
                        "giftig",
                        QuestionKind.YES_NO,
                        "Sind Farben, Öl, Asbest oder Spritzen dabei?",
                        "Is there paint, oil, asbestos or needles in it?",
                        hazard=(YES,),
                    ),
                ),
            ),
            Defect(
                "sperrmuell",
                "Sperrmüll liegen geblieben",
                "Bulky waste left behind",
                "bulky-waste",
                "Angemeldeter Sperrmüll kommt manchmal in zwei Fahrten weg. Warten Sie einen Tag.",
                "Sofa, Couch, Sessel, Matratze, Möbel, Schrank, Tisch, Stühle, Kühlschrank, "
                "Fernseher, Waschmaschine, Abholung",
                days=4,
            ),
            Defect(
                "abfalleimer",
                "Abfalleimer überfüllt oder kaputt",
                "Litter bin full or broken",
                "bin",
                "Auch überquellende Glas- und Kleidercontainer können Sie hier melden.",
                "Mülleimer, Mülltonne, Abfallbehälter, Papierkorb, Container, Altglas, "
                "Hundekotbeutel, voll, quillt über, Aschenbecher",
                days=2,
                questions=(
                    Asked(
                        "zustand",
                        QuestionKind.CHOICE,
                        "Was ist mit dem Eimer?",
                        "What is wrong with the bin?",
                        options=(
                            Option("full", "Er ist voll", "It is full"),
                            Option("broken", "Er ist kaputt", "It is broken"),
                            Option("missing", "Er ist weg", "It is gone"),
                        ),
                    ),
                ),
            ),
            Defect(
                "hundekot",
                "Hundekot",
                "Dog mess",
                "dog",
                "Wo fehlt ein Beutelspender? Auch das hilft uns.",
                "Hund, Haufen, Hundehaufen, Hundescheiße, Kacke, Beutel, Tüten, Wiese",
                days=5,
            ),
            Defect(
                "graffiti",
                "Graffiti oder Schmiererei",
                "Graffiti",
                "graffiti",
                "Verbotene Zeichen und Drohungen entfernen wir vorrangig.",
                "Sprayer, Schmierereien, Farbe, Aufkleber, besprüht, gesprüht, beschmiert, "
                "Hakenkreuz, Parolen",
                days=8,
                questions=(
                    Asked(
                        "verboten",
                        QuestionKind.YES_NO,
                        "Sind verbotene Zeichen, Beleidigungen oder Drohungen dabei?",
                        "Does it show banned symbols, insults or threats?",
                    ),
                ),
                publication=Publication.AFTER_REVIEW,
            ),
            Defect(
                "totes-tier",
                "Totes Tier",
                "Dead animal",
                "dead-animal",
                "Bitte nicht anfassen. Bei einem frischen Wildunfall rufen Sie die Polizei an.",
                "Kadaver, tot, Katze, Reh, Fuchs, überfahren, Marder, Igel, Vogel, Taube, Ratte",
                days=1,
            ),
        ),
    ),
    Group(
        "gruen",
        "Bäume und Grün",
        "Trees and green spaces",
        "tree",
        (
            Defect(
                "bewuchs",
                "Hecke oder Ast ragt in den Weg",
                "Hedge or branch in the way",
                "tree",
                "Wächst es von einem Privatgrundstück herüber, schreiben wir den Eigentümer an.",
                "Busch, Büsche, Strauch, Sträucher, Hecke, Äste, Zweige, zugewachsen, "
                "überwuchert, zugewuchert, zurückschneiden, Sicht, Unkraut, Brombeeren, "
                "Wildwuchs, Grünschnitt",
                days=8,
            ),
            Defect(
                "baumgefahr",
                "Baum droht umzustürzen",
                "Tree about to fall",
                "tree",
                "Liegt der Baum schon auf der Straße, rufen Sie bitte zuerst die 112 an.",
                "Baum umgestürzt, umgefallen, Ast abgebrochen, abgeknickt, morsch, Sturm, schief,"
                " Totholz",
                days=1,
                is_hazard=True,
            ),
        ),
    ),
    Group(
        "freizeit",
        "Spielplätze und Plätze",
        "Playgrounds and squares",
        "playground",
        (
            Defect(
                "spielgeraet",
                "Spielplatz oder Spielgerät kaputt",
                "Broken playground equipment",
                "playground",
                "Welches Gerät ist es? Schaukel, Rutsche, Wippe, Klettergerüst …",
                "Schaukel, Rutsche, Sandkasten, Wippe, Klettergerüst, Bolzplatz, Tor",
                days=3,
                questions=(
                    Asked(
                        "verletzung",
                        QuestionKind.YES_NO,
                        "Kann sich ein Kind daran verletzen?",
                        "Could a child get hurt?",
                        required=True,
                        hazard=(YES,),
                    ),
                ),
            ),
            Defect(
                "sitzbank",
                "Bank, Tafel oder Unterstand beschädigt",
                "Damaged bench, board or shelter",
                "vandalism",
                "Hierher gehören auch Schaukästen, Fahrradständer und Wartehäuschen.",
                "Sitzbank, Bushaltestelle, Wartehäuschen, Fahrradständer, Schaukasten, Vandalismus",
                days=8,
            ),
        ),
    ),
    Group(
        "wasser",
        "Wasser und Kanal",
        "Water and drains",
        "water",
        (
            Defect(
                "gully",
                "Gully verstopft",
                "Blocked drain",
                "drain",
                "Steht bei Regen Wasser auf der Straße? Schreiben Sie, wie weit es reicht.",
                "Gulli, Straßenablauf, Sinkkasten, Abfluss, Wasser läuft nicht ab, "
                "Überschwemmung, Pfütze, Laub, Kanal, stinkt, Rinne",
                days=5,
                questions=(
                    Asked(
                        "wasser_im_haus",
                        QuestionKind.YES_NO,
                        "Läuft Wasser in ein Haus oder einen Keller?",
                        "Is water running into a house or cellar?",
                        hazard=(YES,),
                    ),
                ),
            ),
            Defect(
                "gewaesser",
                "Bach, Brunnen oder Wasserstelle",
                "Stream, fountain or water point",
                "water",
                "Tote Fische oder Schaum im Bach? Rufen Sie bitte sofort die 112 an.",
                "Weschnitz, Lauter, Winkelbach, Neckar, Brunnen, Hydrant, Rohrbruch, Graben",
                days=5,
            ),
        ),
    ),
    Group(
        "ordnung",
        "Ruhe und Ordnung",
        "Peace and order",
        "noise",
        (
            Defect(
                "laerm",
                "Lärm",
                "Noise",
                "noise",
                "Diese Meldung sieht nur das Ordnungsamt. Bei Lärm in der Nacht hilft die 110.",
                "laut, Musik, Ruhestörung, Baustelle, Laubbläser, Party",
                days=5,
                public_place=PublicPlace.NONE,
                publication=Publication.NEVER,
            ),
            Defect(
                "verwahrlost",
                "Platz oder Haltestelle verwahrlost",
                "Neglected square or stop",
                "vandalism",
                "Gemeint sind Orte, keine Menschen. Braucht jemand Hilfe, rufen Sie die 112 an.",
                "verschmutzt, Scherben, Treffpunkt, Unterführung, Schmuddelecke, Angstraum, "
                "Zigaretten, Kippen",
                days=8,
                public_place=PublicPlace.STREET,
                publication=Publication.AFTER_REVIEW,
            ),
        ),
    ),
)


def defects(groups: Sequence[Group] = GROUPS) -> dict[str, Defect]:
    """Every category by its code, in the order of the catalogue."""
    return {defect.code: defect for group in groups for defect in group.defects}


def load_catalogue(groups: Sequence[Group] = GROUPS) -> dict[str, Category]:
    """Write groups, categories and questions; codes that exist are brought up to date.

    Returns groups and categories by code.
    """
    _write_categories(_group_rows(groups))
    parents = {row.code: row for row in Category.objects.filter(group=None)}
    _write_categories(_defect_rows(groups, parents))
    known = {row.code: row for row in Category.objects.all()}
    Question.objects.bulk_create(
        _question_rows(groups, known),
        update_conflicts=True,
        unique_fields=["category", "code"],
        update_fields=[
            "kind",
            "text",
            "translations",
            "options",
            "is_required",
            "hazard_answers",
            "position",
        ],
    )
    return known


def load_offers(
    municipalities: Iterable[Municipality],
    categories: dict[str, Category],
    groups: Sequence[Group] = GROUPS,
) -> int:
    """Offer everything to every municipality on the catalogue's terms; existing offers stay.

    Returns how many terms there are now to choose from.
    """
    rows = [
        Offer(
            municipality=municipality,
            category=categories[defect.code],
            days_to_answer=defect.days,
            publication=defect.publication,
        )
        for municipality in municipalities
        for defect in defects(groups).values()
    ]
    Offer.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _write_categories(rows: list[Category]) -> None:
    Category.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "group",
            "name",
            "translations",
            "icon",
            "hint",
            "synonyms",
            "position",
            "is_hazard",
            "public_place",
        ],
    )


def _group_rows(groups: Sequence[Group]) -> list[Category]:
    return [
        Category(
            code=group.code,
            name=group.name,
            translations={"en": group.english},
            icon=group.icon,
            position=position * 100,
        )
        for position, group in enumerate(groups, start=1)
    ]


def _defect_rows(groups: Sequence[Group], parents: dict[str, Category]) -> list[Category]:
    return [
        Category(
            code=defect.code,
            group=parents[group.code],
            name=defect.name,
            translations={"en": defect.english},
            icon=defect.icon,
            hint=defect.hint,
            synonyms=defect.synonyms,
            position=parents[group.code].position + position,
            is_hazard=defect.is_hazard,
            public_place=defect.public_place,
        )
        for group in groups
        for position, defect in enumerate(group.defects, start=1)
    ]


def _question_rows(groups: Sequence[Group], known: dict[str, Category]) -> list[Question]:
    return [
        Question(
            category=known[defect.code],
            code=asked.code,
            kind=asked.kind,
            text=asked.text,
            translations={"en": asked.english},
            options=[
                {"key": option.key, "name": option.name, "name_en": option.english}
                for option in asked.options
            ],
            is_required=asked.required,
            hazard_answers=list(asked.hazard),
            position=position,
        )
        for defect in defects(groups).values()
        for position, asked in enumerate(defect.questions, start=1)
    ]
