"""The catalogue of defects: what people can report. Good for a real town too.

`load_catalogue()` writes groups, categories and questions by their stable codes (again = update);
`load_offers()` gives each municipality the terms that stand here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reports.models import (
    Block,
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
    only_if: dict[str, tuple[str, ...]] = field(default_factory=dict)
    public: bool = False
    help: str = ""
    english_help: str = ""


@dataclass(frozen=True)
class Instead:
    """Whom to call instead of reporting. Without `only_if` the category as a whole is blocked.

    `calls`: German name, English name, number; "{rathaus}" and "{bereitschaft}" are the town's.
    """

    title: str
    text: str
    english: str
    english_text: str
    calls: tuple[tuple[str, str, str], ...]
    only_if: dict[str, tuple[str, ...]] = field(default_factory=dict)


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
    english_hint: str = ""
    questions: tuple[Asked, ...] = ()
    instead: tuple[Instead, ...] = ()
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

POLICE = ("Polizei", "Police", "110")
FIRE_BRIGADE = ("Feuerwehr und Rettungsdienst", "Fire and rescue", "112")
STANDBY = ("Bereitschaft der Gemeinde", "The town’s standby service", "{bereitschaft}")
TOWN_HALL = ("Rathaus, Ordnungsamt", "Town hall, public order", "{rathaus}")
NO = "no"

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
                "Teer, Fahrbahn, Straßenbelag, Bodenwelle, Spurrillen, Asphalt, aufgeplatzt, "
                "aufgerissen, hole in the road, potholes, asphalt, road surface",
                english_hint="A photo with some object for comparison helps to judge how deep it "
                "is.",
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
                        public=True,
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
                "Bordstein, Randstein, Pflaster, Rollator, Stufe, uneben, Bürgersteige, "
                "Platten, wackelt, Pflastersteine, abgesackt, sidewalk, footpath, paving, kerb, "
                "curb, trip hazard",
                english_hint="Loose slabs, roots, sunken spots: everything one can trip over.",
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
                "Glassplitter, Radfahrer, Veloweg, Fahrradstraße, Fahrradstreifen, cycle lane, "
                "bike lane, bike path",
                english_hint="Say from which direction one comes upon the spot.",
                questions=(ROAD_KIND,),
            ),
            Defect(
                "bauwerk",
                "Brücke, Treppe oder Mauer beschädigt",
                "Damaged bridge, steps or wall",
                "bridge",
                "Auch fehlende Geländer und lose Handläufe gehören hierher.",
                "Geländer, Handlauf, Stufe, Stützmauer, Unterführung, Steg, Durchlass, "
                "Brückengeländer, Treppenstufe, Mauer, Tunnel, railing, stairs, wall, underpass",
                english_hint="Missing railings and loose handrails belong here, too.",
                days=8,
                questions=(ACUTE,),
            ),
            Defect(
                "kanaldeckel",
                "Kanaldeckel fehlt oder ist lose",
                "Manhole cover missing or loose",
                "manhole",
                "Fehlt der Deckel ganz, rufen Sie bitte zusätzlich die Bereitschaft an.",
                "Gullydeckel, Schachtdeckel, Deckel klappert, offener Schacht, Kanaldeckel "
                "klappert, Schacht offen, Gullideckel, loses Gitter, manhole, cover rattles",
                english_hint="If the cover is missing altogether, please call the standby service "
                "as well.",
                days=1,
                is_hazard=True,
            ),
            Defect(
                "oelspur",
                "Ölspur",
                "Oil on the road",
                "oil",
                "Ölspuren sind rutschig. Bei frischem Öl auf der Fahrbahn bitte auch 112 anrufen.",
                "Öl, Diesel, Benzin, Schmierfilm, rutschige Fahrbahn, Hydrauliköl, Ölfleck, "
                "ausgelaufen, oil spill, slippery road",
                english_hint="Oil is slippery. If it is fresh on the carriageway, please call 112 "
                "as well.",
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
                "vereist, Winter, Eis, Eisplatte, Schneeräumung, Räumdienst, ungeräumt, snow, "
                "ice, icy, gritting",
                english_hint="Owners clear the snow in front of private houses. This is about "
                "public ground.",
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
                "Lampe, Leuchte, Beleuchtung, Laterne flackert, dunkel, Straßenlampe, Licht "
                "aus, Lampenmast, Leuchtmittel, broken street light, Straßenbeleuchtung, "
                "Laternenmast, Lichtmast, flackert, flackern, brennt nicht, leuchtet nicht, "
                "ausgefallen, lamp, light, lights, flickering, dark street",
                english_hint="The number is usually on a small sign on the post, about at eye "
                "level.",
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
                        public=True,
                    ),
                    Asked(
                        "anzahl",
                        QuestionKind.NUMBER,
                        "Wie viele Laternen sind dunkel?",
                        "How many lights are out?",
                        only_if={"licht": ("dark",)},
                        help="Ist es die ganze Straße, genügt eine grobe Zahl.",
                        english_help="If it is the whole street, a rough number will do.",
                        public=True,
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
                "grün, Grünphase, blinkt gelb, Ampel blinkt, Ampel aus, Ampelschaltung, "
                "Rotphase, Taster, traffic signal, traffic lights, stop light",
                english_hint="If the lights at a crossing are out altogether, please call the "
                "police as "
                "well.",
                days=2,
                questions=(
                    Asked(
                        "stoerung",
                        QuestionKind.CHOICES,
                        "Was ist gestört?",
                        "What is wrong with it?",
                        options=(
                            Option("dark", "Sie ist aus", "It is dark"),
                            Option("flashing", "Sie blinkt gelb", "It flashes amber"),
                            Option("slow", "Sie schaltet nicht oder sehr spät", "It changes late"),
                            Option("button", "Der Drücker geht nicht", "The button is dead"),
                            Option("blind", "Der Ton für Blinde fehlt", "No sound for the blind"),
                        ),
                        help="Mehreres ist möglich.",
                        english_help="Choose all that apply.",
                        public=True,
                    ),
                    ACUTE,
                    ROAD_KIND,
                    Asked(
                        "gesehen",
                        QuestionKind.DATETIME,
                        "Wann haben Sie es gesehen?",
                        "When did you see it?",
                    ),
                ),
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
                "umgefahren, Straßenname, Stoppschild, Ortsschild, Vorfahrt, "
                "Fahrbahnmarkierung, verblasst, street sign, road marking, bollard",
                english_hint="What is on the sign? That helps us to bring the right one at once.",
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
                "Anhänger, Motorroller, Wohnwagen, Fahrradleiche, Fahrradwrack, Schrott, "
                "Schrottauto, Schrottfahrrad, Wrack, steht seit Wochen, abandoned car, wreck, "
                "scrap bicycle",
                english_hint="Please write no number plates into the description, only make and "
                "colour.",
                days=10,
                questions=(
                    Asked(
                        "kennzeichen",
                        QuestionKind.YES_NO,
                        "Hat das Fahrzeug ein Kennzeichen?",
                        "Does the vehicle have a number plate?",
                    ),
                    Asked(
                        "wochen",
                        QuestionKind.NUMBER,
                        "Seit wie vielen Wochen steht es dort?",
                        "For how many weeks has it been there?",
                    ),
                ),
                public_place=PublicPlace.STREET,
                publication=Publication.AFTER_REVIEW,
            ),
            Defect(
                "falschparken",
                "Falsch geparkt",
                "Illegal parking",
                "parking",
                "Diese Meldung sieht nur das Ordnungsamt. Wird jemand gefährdet: 110.",
                "parkt, Parken, Falschparker, Parker, zugeparkt, Gehweg, Feuerwehrzufahrt, "
                "Einfahrt, Parkverbot, parkendes Auto, Halteverbot, Behindertenparkplatz, "
                "Zweite Reihe, Gehweg zugeparkt, illegal parking, parked car, blocked driveway",
                english_hint="Only the public order office sees this report. If somebody is in "
                "danger: 110.",
                days=3,
                questions=(
                    Asked(
                        "jetzt",
                        QuestionKind.CHOICE,
                        "Behindert oder gefährdet das gerade jemanden?",
                        "Is it in anybody’s way right now?",
                        options=(
                            Option(
                                "blocks",
                                "Ja: Einfahrt, Gehweg oder Feuerwehrzufahrt ist versperrt",
                                "Yes: it blocks a drive, the pavement or a fire lane",
                            ),
                            Option(
                                "often",
                                "Nein, aber dort wird immer wieder so geparkt",
                                "No, but cars park there like that again and again",
                            ),
                        ),
                        required=True,
                    ),
                ),
                instead=(
                    Instead(
                        "Rufen Sie bitte gleich an",
                        "Ein Auto, das jetzt im Weg steht, ist weg, bis wir die Meldung lesen. "
                        "Das Ordnungsamt hilft zu seinen Zeiten, sonst die Polizei.",
                        "Please call right away",
                        "A car that is in the way now will be gone before we read a report. The "
                        "public order office helps in its hours, the police at any time.",
                        (TOWN_HALL, POLICE),
                        only_if={"jetzt": ("blocks",)},
                    ),
                ),
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
                "Ratten, rubbish, garbage, litter, Sondermüll, Mülleablagerung, Müllhaufen, "
                "Asbest, Farbeimer, Altreifen, dumping, trash, waste, tyres",
                english_hint="Please touch nothing and open no bags. A photo will do.",
                days=3,
                questions=(
                    Asked(
                        "giftig",
                        QuestionKind.YES_NO,
                        "Sind Farben, Öl, Asbest oder Spritzen dabei?",
                        "Is there paint, oil, asbestos or needles in it?",
                        hazard=(YES,),
                    ),
                    Asked(
                        "abstand",
                        QuestionKind.INFO,
                        "Halten Sie bitte Abstand und fassen Sie nichts an.",
                        "Please keep away from it and touch nothing.",
                        only_if={"giftig": (YES,)},
                    ),
                    Asked(
                        "menge",
                        QuestionKind.CHOICE,
                        "Wie viel ist es?",
                        "How much is it?",
                        options=(
                            Option("bag", "Ein, zwei Säcke", "A bag or two"),
                            Option("car", "Ein Kofferraum voll", "A boot full"),
                            Option(
                                "truck", "Mehr, es braucht einen Lastwagen", "More, a lorry full"
                            ),
                        ),
                        public=True,
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
                "Fernseher, Waschmaschine, Abholung, Sperrgut, Herd, Gefrierschrank, Bett, "
                "Teppich, Regal, furniture, mattress, fridge",
                english_hint="Booked bulky waste is sometimes fetched in two rounds. Wait for a "
                "day.",
                days=4,
            ),
            Defect(
                "abfalleimer",
                "Abfalleimer überfüllt oder kaputt",
                "Litter bin full or broken",
                "bin",
                "Auch überquellende Glas- und Kleidercontainer können Sie hier melden.",
                "Mülleimer, Mülltonne, Abfallbehälter, Papierkorb, Container, Altglas, "
                "Hundekotbeutel, voll, quillt über, Aschenbecher, Abfalltonne, Altkleider, "
                "Glascontainer, überquellend, überfüllt, Mülleimer voll, Kippe, Hundestation, "
                "trash can, overflowing bin, dustbin",
                english_hint="You can also report overflowing bottle banks and clothes banks here.",
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
                "Hund, Haufen, Hundehaufen, Hundescheiße, Kacke, Beutel, Tüten, Wiese, "
                "Hundekacke, Hundedreck, Tretmine, Hundeklo, dog poo, dog waste",
                english_hint="Where is a dispenser for bags missing? That helps us, too.",
                days=5,
            ),
            Defect(
                "graffiti",
                "Graffiti oder Schmiererei",
                "Graffiti",
                "graffiti",
                "Verbotene Zeichen und Drohungen entfernen wir vorrangig.",
                "Sprayer, Schmierereien, Farbe, Aufkleber, besprüht, gesprüht, beschmiert, "
                "Hakenkreuz, Parolen, Grafitti, Tags, Sprühfarbe, Schmiererei, spray paint, "
                "swastika, sticker",
                english_hint="Banned symbols and threats are removed first.",
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
                "Kadaver, tot, Katze, Reh, Fuchs, überfahren, Marder, Igel, Vogel, Taube, "
                "Ratte, toter Vogel, tote Ratte, Wildunfall, Tierkadaver, Wildschwein, dead "
                "cat, roadkill",
                english_hint="Please do not touch it. After a fresh accident with game call the "
                "police.",
                days=1,
                questions=(
                    Asked(
                        "lebt",
                        QuestionKind.YES_NO,
                        "Lebt das Tier noch?",
                        "Is the animal still alive?",
                    ),
                ),
                instead=(
                    Instead(
                        "Ein verletztes Tier braucht jetzt Hilfe",
                        "Bleiben Sie bitte auf Abstand. Die Polizei ruft den Jagdpächter oder den "
                        "tierärztlichen Notdienst.",
                        "A hurt animal needs help now",
                        "Please keep your distance. The police call the ranger or the vet on duty.",
                        (POLICE, STANDBY),
                        only_if={"lebt": (YES,)},
                    ),
                ),
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
                "hedge",
                "Wächst es von einem Privatgrundstück herüber, schreiben wir den Eigentümer an.",
                "Busch, Büsche, Strauch, Sträucher, Hecke, Äste, Zweige, zugewachsen, "
                "überwuchert, zugewuchert, zurückschneiden, Sicht, Unkraut, Brombeeren, "
                "Wildwuchs, Grünschnitt, Bäume schneiden, Baumschnitt, ragt, Gebüsch, Efeu, "
                "Gras, mähen, wuchert, Sichtbehinderung, Laub, overgrown, hedge, bush, branches",
                english_hint="If it grows over from private ground, we write to the owner.",
                days=8,
            ),
            Defect(
                "baumgefahr",
                "Baum droht umzustürzen",
                "Tree about to fall",
                "falling-tree",
                "Liegt der Baum schon auf der Straße, rufen Sie bitte zuerst die 112 an.",
                "Baum umgestürzt, umgefallen, Ast abgebrochen, abgeknickt, morsch, Sturm, "
                "schief, Totholz, Baum fällt, umgeknickt, entwurzelt, gespalten, hängender Ast, "
                "lose Äste, Sturmschaden, fallen tree, broken branch, storm",
                english_hint="If the tree lies on the road already, please call 112 first.",
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
                "Schaukel, Rutsche, Sandkasten, Wippe, Klettergerüst, Bolzplatz, Tor, "
                "Spielplatz, Spielgerät, Karussell, Seilbahn, Kletterturm, Spielsand, "
                "Fallschutz, swing, slide, sandpit",
                english_hint="Which one is it? Swing, slide, seesaw, climbing frame …",
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
                "bench",
                "Hierher gehören auch Schaukästen, Fahrradständer und Wartehäuschen.",
                "Sitzbank, Bushaltestelle, Wartehäuschen, Fahrradständer, Schaukasten, "
                "Vandalismus, Bank, Parkbank, Ruhebank, Infotafel, Unterstand, Schutzhütte, "
                "Haltestellenhäuschen, Glasscheibe, bench, bus stop, shelter, bike rack",
                english_hint="Notice boards, bicycle stands and bus shelters belong here, too.",
                days=8,
            ),
        ),
    ),
    Group(
        "wasser",
        "Wasser, Kanal, Leitungen",
        "Water, drains, pipes",
        "water",
        (
            Defect(
                "gully",
                "Gully verstopft",
                "Blocked drain",
                "drain",
                "Steht bei Regen Wasser auf der Straße? Schreiben Sie, wie weit es reicht.",
                "Gulli, Straßenablauf, Sinkkasten, Abfluss, Wasser läuft nicht ab, "
                "Überschwemmung, Pfütze, Laub, Kanal, stinkt, Rinne, Gullys, Ablauf, Einlauf, "
                "läuft über, Kanalisation, Abwasser, Starkregen, drain, gutter, flooding, sewer",
                english_hint="Does water stand on the road when it rains? Say how far it reaches.",
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
                "Weschnitz, Lauter, Winkelbach, Neckar, Brunnen, Hydrant, Rohrbruch, Graben, "
                "Bachlauf, Fluss, Ufer, See, Teich, Trinkbrunnen, Wasserspender, Wasserleitung, "
                "stream, river, fountain, pond, water pipe",
                english_hint="Dead fish or foam in the brook? Please call 112 at once.",
                days=5,
            ),
            Defect(
                "gasgeruch",
                "Gasgeruch",
                "Smell of gas",
                "gas",
                "Kein Licht, kein Schalter, kein Feuer. Gehen Sie hinaus und rufen Sie dann an.",
                "Gas, riecht nach Gas, Gasleitung, Gasleck, Gasaustritt, faule Eier, gas leak",
                english_hint="No light, no switch, no fire. Go outside, then call.",
                days=1,
                instead=(
                    Instead(
                        "Rufen Sie sofort die 112",
                        "Gehen Sie ins Freie, warnen Sie andere, und rufen Sie erst draußen an. "
                        "Schalten Sie nichts ein und nichts aus. Die Störungsnummer Ihres "
                        "Gasversorgers steht am Zähler.",
                        "Call 112 at once",
                        "Go outside, warn others, and call only once you are out. Switch nothing "
                        "on or off. Your gas supplier’s emergency number stands on the meter.",
                        (FIRE_BRIGADE, STANDBY),
                    ),
                ),
                publication=Publication.NEVER,
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
                "laut, Musik, Ruhestörung, Baustelle, Laubbläser, Party, Krach, Baulärm, "
                "Nachtruhe, Nachbar, Bässe, Lautsprecher, loud, music",
                english_hint="Only the public order office sees this report. For noise at night "
                "110 helps.",
                days=5,
                questions=(
                    Asked(
                        "jetzt",
                        QuestionKind.YES_NO,
                        "Ist es gerade jetzt so laut?",
                        "Is it that loud right now?",
                        required=True,
                    ),
                    Asked(
                        "zeiten",
                        QuestionKind.LONG_TEXT,
                        "An welchen Tagen und zu welchen Zeiten ist es laut?",
                        "On which days and at what times is it loud?",
                        only_if={"jetzt": (NO,)},
                    ),
                ),
                instead=(
                    Instead(
                        "Bei Lärm in diesem Moment hilft ein Anruf",
                        "Das Ordnungsamt kommt zu seinen Zeiten, sonst die Polizei. Hier können "
                        "Sie melden, was immer wieder zu laut ist.",
                        "For noise at this moment, call",
                        "The public order office comes in its hours, the police at any time. Here "
                        "you can report what is too loud again and again.",
                        (TOWN_HALL, POLICE),
                        only_if={"jetzt": (YES,)},
                    ),
                ),
                public_place=PublicPlace.NONE,
                publication=Publication.NEVER,
            ),
            Defect(
                "verwahrlost",
                "Platz oder Haltestelle verwahrlost",
                "Neglected square or stop",
                "broom",
                "Gemeint sind Orte, keine Menschen. Braucht jemand Hilfe, rufen Sie die 112 an.",
                "verschmutzt, Scherben, Treffpunkt, Unterführung, Schmuddelecke, Angstraum, "
                "Zigaretten, Kippen, Schmutz, Dreckecke, Müllecke, Zigarettenstummel, "
                "ungepflegt, dirty, neglected, cigarette ends",
                english_hint="This is about places, not about people. If somebody needs help, call "
                "112.",
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
    """Write groups, categories, questions and blocks; what exists is brought up to date.

    Returns groups and categories by code.
    """
    return _load(groups, {*(group.code for group in groups), *defects(groups)})


def begin_catalogue(groups: Sequence[Group] = GROUPS) -> dict[str, Category]:
    """As `load_catalogue`, but only what is not there yet: what a town made of it stays."""
    every = {*(group.code for group in groups), *defects(groups)}
    return _load(groups, every - set(Category.objects.values_list("code", flat=True)))


def _load(groups: Sequence[Group], codes: set[str]) -> dict[str, Category]:
    _write_categories([row for row in _group_rows(groups) if row.code in codes])
    parents = {row.code: row for row in Category.objects.filter(group=None)}
    _write_categories([row for row in _defect_rows(groups, parents) if row.code in codes])
    known = {row.code: row for row in Category.objects.all()}
    _write_questions([row for row in _question_rows(groups, known) if row.category.code in codes])
    blocks = [row for row in _block_rows(groups, known) if row.category.code in codes]
    Block.objects.filter(category__code__in=codes, municipality=None).delete()
    Block.objects.bulk_create(blocks)
    return known


def _write_questions(rows: list[Question]) -> None:
    Question.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["category", "code"],
        update_fields=[
            "kind",
            "text",
            "help",
            "translations",
            "options",
            "condition",
            "is_required",
            "is_public",
            "hazard_answers",
            "position",
        ],
    )


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
            translations={"en": defect.english, "hint_en": defect.english_hint},
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
            help=asked.help,
            translations={"en": asked.english, "help_en": asked.english_help},
            options=[
                {"key": option.key, "name": option.name, "name_en": option.english}
                for option in asked.options
            ],
            condition={code: list(answers) for code, answers in asked.only_if.items()},
            is_required=asked.required,
            is_public=asked.public,
            hazard_answers=list(asked.hazard),
            position=position,
        )
        for defect in defects(groups).values()
        for position, asked in enumerate(defect.questions, start=1)
    ]


def _block_rows(groups: Sequence[Group], known: dict[str, Category]) -> list[Block]:
    return [
        Block(
            category=known[defect.code],
            condition={code: list(answers) for code, answers in instead.only_if.items()},
            title=instead.title,
            text=instead.text,
            translations={"en": instead.english, "text_en": instead.english_text},
            calls=[
                {"name": name, "name_en": english, "number": number}
                for name, english, number in instead.calls
            ],
        )
        for defect in defects(groups).values()
        for instead in defect.instead
    ]
