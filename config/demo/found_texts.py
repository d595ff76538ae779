"""What lies in a German Fundbüro: kinds of things, and how finders' and owners' words differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One thing in two mouths. `seen`: staff's note. `missed`: its owner's. `mark`: the secret."""

    seen: str
    missed: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Sort:
    """A kind with what it usually looks like. `share`: how many of three hundred. Euros.

    `mark`: a code of catalogue.MARKS. `inside`: parts as (kind, text, cents or None).
    """

    kind: str
    share: int
    colours: tuple[str, ...]
    brands: tuple[str, ...]
    euros: tuple[int, int]
    mark: str
    said: tuple[Said, ...]
    inside: tuple[tuple[str, str, int | None], ...] = ()


SORTS: tuple[Sort, ...] = (
    Sort(
        "keys",
        30,
        ("silver", "silver", "black", "gold", "patterned"),
        ("", "", "ABUS", "BKS", "EVVA"),
        (5, 40),
        "pendant",
        (
            Said(
                "Bund mit drei Schlüsseln, Karabiner",
                "Mein Schlüsselbund ist weg, drei Schlüssel an einem Karabinerhaken.",
                "Anhänger Eule aus Filz",
            ),
            Said(
                "Zwei Sicherheitsschlüssel am Band",
                "Haustürschlüssel am Schlüsselband verloren.",
                "Band eines Ruderclubs, ausgefranst",
            ),
            Said(
                "Einzelner Schlüssel mit Plastikkappe",
                "Schlüssel zum Fahrradkeller, er hat eine Kappe.",
                "Kappe gelb, mit Nagellack beschriftet: K",
            ),
            Said(
                "Fünf Schlüssel, einer sehr lang",
                "Großer Schlüsselbund mit Gartentorschlüssel.",
                "Flaschenöffner und kleine Taschenlampe",
            ),
            Said(
                "Briefkastenschlüssel und Wohnungsschlüssel",
                "Habe beim Einkaufen meine Schlüssel liegen lassen.",
                "Einkaufswagenchip mit Marienkäfer",
            ),
            Said(
                "Schlüsselbund mit Lederanhänger",
                "Schlüssel mit Lederanhänger, vier Stück.",
                "Auf dem Leder eingebrannt: Opa",
            ),
        ),
    ),
    Sort(
        "car_key",
        9,
        ("black", "grey"),
        ("VW", "Opel", "Ford", "Skoda"),
        (40, 180),
        "damage",
        (
            Said(
                "Klappschlüssel, Gehäuse geklebt",
                "Autoschlüssel verloren, das Gehäuse ist geklebt.",
                "Riss am Bart, mit Klebeband umwickelt",
            ),
            Said(
                "Funkschlüssel mit Stofftier",
                "Schlüssel von meinem Wagen mit einem kleinen Bären.",
                "Bär ohne rechtes Auge",
            ),
            Said(
                "Autoschlüssel am Ring mit Werkstattmarke",
                "Autoschlüssel, am Ring hängt noch die Marke der Werkstatt.",
                "Auf der Marke handschriftlich: grün",
            ),
        ),
    ),
    Sort(
        "phone",
        24,
        ("black", "black", "blue", "white", "silver"),
        ("Samsung", "Apple", "Xiaomi", "Google"),
        (80, 450),
        "imei",
        (
            Said(
                "Displaybruch oben links, gesperrt",
                "Smartphone mit Sprung im Display verloren.",
                "",
            ),
            Said("Handy in Klapphülle, Akku leer", "Mein Handy steckt in einer Klapphülle.", ""),
            Said(
                "Mobiltelefon mit durchsichtiger Hülle, getrocknete Blumen darin",
                "Handy mit Blumenhülle liegen gelassen.",
                "",
            ),
            Said(
                "Mobiltelefon, Sperrbild zeigt zwei Hunde",
                "Telefon verloren, auf dem Sperrbildschirm sind unsere Hunde.",
                "",
            ),
            Said("Seniorenhandy mit großen Tasten", "Einfaches Tastenhandy meiner Mutter.", ""),
        ),
    ),
    Sort(
        "headphones",
        7,
        ("white", "black"),
        ("Apple", "Sony", "JBL"),
        (25, 160),
        "engraving",
        (
            Said(
                "Kopfhörer in Ladeschale",
                "Kabellose Ohrhörer mit Ladeetui verloren.",
                "Gravur auf der Schale: Mimi",
            ),
            Said(
                "Bügelkopfhörer, faltbar",
                "Großer Kopfhörer, lag wohl noch im Bus.",
                "Polster rechts mit Nähten geflickt",
            ),
        ),
    ),
    Sort(
        "tablet",
        4,
        ("grey", "silver"),
        ("Apple", "Samsung"),
        (120, 500),
        "serial",
        (
            Said("Tablet in grauer Filzhülle", "Tablet in einer Hülle aus Filz vergessen.", ""),
            Said("Tablet mit Tastatur, Schulaufkleber", "Schul-Tablet unserer Tochter.", ""),
        ),
    ),
    Sort(
        "purse",
        22,
        ("brown", "black", "red", "black", "blue"),
        ("", "Fossil", "Esprit", "Picard"),
        (5, 60),
        "inside",
        (
            Said(
                "Leder, abgegriffen, Druckknopf defekt",
                "Mein altes Portemonnaie aus Leder, der Knopf hält nicht mehr.",
                "Im Münzfach ein Glückscent von 2002",
            ),
            Said(
                "Langbörse mit Reißverschluss",
                "Große Geldbörse mit Reißverschluss rundum.",
                "Futter mit Rosenmuster",
            ),
            Said(
                "Herrengeldbörse, Querformat",
                "Brieftasche verloren, viele Karten darin.",
                "Passbild eines Kindes hinter der Folie",
            ),
            Said(
                "Kinderportemonnaie mit Klettverschluss",
                "Geldbeutel unseres Sohnes, mit Klett.",
                "Innen mit Filzstift: Ben 3b",
            ),
        ),
        (
            ("cash", "In Scheinen und Münzen", 6240),
            ("identity_paper", "Personalausweis", None),
            ("card", "Bankkarte", None),
        ),
    ),
    Sort(
        "backpack",
        16,
        ("black", "grey", "blue", "green", "red"),
        ("Deuter", "Eastpak", "Vaude", "Jack Wolfskin", ""),
        (15, 90),
        "contents",
        (
            Said(
                "Schulrucksack, Hefte darin",
                "Der Schulranzen ist im Bus geblieben, mit allen Heften.",
                "Brotdose mit Dinosauriern",
            ),
            Said(
                "Wanderrucksack, 28 Liter, Regenhülle",
                "Rucksack vom Wandern, mit Regenhülle.",
                "Im Deckelfach ein Kompass",
            ),
            Said(
                "Rucksack mit Sportzeug",
                "Sporttasche zum Umhängen, wie ein Rucksack, mit Hallenschuhen.",
                "Handtuch eines Freibads",
            ),
            Said(
                "Kleiner Stadtrucksack",
                "Mein Stadtrucksack, ganz leicht.",
                "Buch mit Widmung: Für Hanne",
            ),
        ),
    ),
    Sort(
        "handbag",
        9,
        ("black", "brown", "red", "beige"),
        ("", "Picard", "Liebeskind"),
        (20, 150),
        "contents",
        (
            Said(
                "Kunstleder, Reißverschluss klemmt",
                "Handtasche verloren, der Reißverschluss klemmt immer.",
                "Lesebrille im Seitenfach",
            ),
            Said(
                "Umhängetasche mit Fransen",
                "Umhängetasche aus Leder mit Fransen.",
                "Kalender mit Vogelbildern",
            ),
        ),
        (("keys", "Zwei Schlüssel", None), ("other", "Kosmetiktäschchen", None)),
    ),
    Sort(
        "bag",
        11,
        ("patterned", "black", "blue", "grey"),
        ("", "", "Nike", "Puma"),
        (5, 45),
        "contents",
        (
            Said(
                "Stofftasche mit Büchern der Stadtbücherei",
                "Einkaufsbeutel mit Leihbüchern stehen gelassen.",
                "Vier Krimis und eine Quittung",
            ),
            Said(
                "Turnbeutel, Schuhe Größe 34",
                "Turnbeutel unserer Tochter.",
                "Haarspangen in der Innentasche",
            ),
            Said("Kühltasche, leer", "Kühltasche vom Picknick im Park.", "Kühlakku mit Namen"),
        ),
    ),
    Sort(
        "suitcase",
        4,
        ("blue", "black"),
        ("Samsonite", ""),
        (30, 160),
        "contents",
        (
            Said(
                "Rollkoffer, eine Rolle fehlt",
                "Koffer am Bahnhof vergessen.",
                "Kofferband in Regenbogenfarben innen",
            ),
        ),
    ),
    Sort(
        "jacket",
        17,
        ("green", "black", "blue", "red", "grey"),
        ("Jack Wolfskin", "The North Face", "Adidas", "", "Zara"),
        (15, 140),
        "inside",
        (
            Said(
                "Kinderjacke, Größe 116",
                "Kinderjacke auf dem Spielplatz vergessen.",
                "Namensschild eingenäht",
            ),
            Said(
                "Regenjacke mit Kapuze, Größe L",
                "Regenjacke, habe sie im Zug hängen lassen.",
                "Fahrkarte nach Weinheim in der Tasche",
            ),
            Said(
                "Lederjacke, Größe M", "Meine Lederjacke ist weg.", "Kinokarte in der Innentasche"
            ),
            Said(
                "Steppjacke, Reißverschluss gelb", "Steppjacke vermisst.", "Ersatzknopf am Etikett"
            ),
        ),
    ),
    Sort(
        "headwear",
        10,
        ("grey", "blue", "red", "patterned"),
        ("", "", "Adidas"),
        (5, 25),
        "damage",
        (
            Said(
                "Mütze, grob gestrickt",
                "Selbst gestrickte Mütze verloren.",
                "Eine Masche hinten gestopft",
            ),
            Said(
                "Ein Handschuh, rechts, gefüttert",
                "Mir fehlt der rechte Handschuh.",
                "Daumen mit Flicken",
            ),
            Said("Langer Schal", "Wollschal, sehr lang.", "Fransen an einem Ende kürzer"),
        ),
    ),
    Sort(
        "clothing",
        4,
        ("blue", "grey", "white"),
        ("", "Nike"),
        (5, 40),
        "damage",
        (
            Said(
                "Kapuzenpullover, Größe 152",
                "Pullover unseres Sohnes aus der Turnhalle.",
                "Loch am linken Ärmel",
            ),
        ),
    ),
    Sort(
        "bicycle",
        15,
        ("blue", "red", "grey", "black", "green", "white"),
        ("Kettler", "Giant", "Cube", "Pegasus", ""),
        (30, 350),
        "frame",
        (
            Said(
                "Damenrad, 28 Zoll, Korb vorn",
                "Damenfahrrad mit Korb am Lenker gestohlen oder verstellt.",
                "",
            ),
            Said("Kinderrad, 16 Zoll, Stützräder", "Kinderfahrrad mit Stützrädern weg.", ""),
            Said(
                "Mountainbike, 26 Zoll, ohne Sattel", "Mountainbike vom Bahnhof verschwunden.", ""
            ),
            Said(
                "Herrenrad, Rücklicht fehlt",
                "Herrenrad, drei Gänge, abgestellt am Freibad.",
                "",
            ),
        ),
    ),
    Sort(
        "ebike",
        3,
        ("black", "grey"),
        ("Cube", "Kalkhoff"),
        (400, 1900),
        "frame",
        (Said("E-Bike, Akku fehlt, Rahmenschloss", "Mein Pedelec ist verschwunden.", ""),),
    ),
    Sort(
        "scooter",
        4,
        ("black", "blue"),
        ("Hudora", ""),
        (20, 120),
        "damage",
        (
            Said(
                "Tretroller, klappbar",
                "Roller vor der Schule vergessen.",
                "Aufkleber Rakete, halb abgelöst",
            ),
        ),
    ),
    Sort(
        "helmet",
        4,
        ("white", "blue"),
        ("Uvex", "Abus"),
        (10, 60),
        "name",
        (Said("Fahrradhelm, Größe S", "Fahrradhelm liegen gelassen.", "Innen: Jule"),),
    ),
    Sort(
        "glasses",
        13,
        ("blue", "brown", "black", "silver"),
        ("", "Fielmann", "Ray-Ban"),
        (40, 280),
        "inside",
        (
            Said(
                "Gleitsichtbrille im Etui",
                "Brille mit Gleitsichtgläsern verloren.",
                "Etui mit Putztuch eines Optikers",
            ),
            Said(
                "Lesebrille ohne Etui",
                "Lesebrille, vermutlich in der Bücherei.",
                "Linker Bügel mit Draht geflickt",
            ),
            Said("Kinderbrille, biegsam", "Die Brille unseres Kindes.", "Band mit Sternen"),
        ),
    ),
    Sort(
        "sunglasses",
        6,
        ("brown", "black"),
        ("Ray-Ban", ""),
        (10, 120),
        "damage",
        (Said("Sonnenbrille", "Sonnenbrille am Badesee verloren.", "Bügel links verbogen"),),
    ),
    Sort(
        "hearing_aid",
        3,
        ("beige", "silver"),
        ("Phonak", ""),
        (300, 1200),
        "serial",
        (Said("Hörgerät, links", "Hörgerät meines Vaters.", ""),),
    ),
    Sort(
        "walking_aid",
        4,
        ("grey", "black"),
        ("", "Topro"),
        (20, 150),
        "name",
        (
            Said(
                "Rollator mit Netz",
                "Der Rollator meiner Oma stand vor der Apotheke.",
                "Einkaufsliste: Milch, Hefe, Batterien",
            ),
            Said("Gehstock mit Gummifuß", "Gehstock aus Holz.", "Eingeritzt: W. K."),
        ),
    ),
    Sort(
        "jewellery",
        11,
        ("gold", "silver", "silver"),
        ("", "Pandora"),
        (20, 600),
        "engraving",
        (
            Said("Ring", "Ehering verloren, vermutlich beim Schwimmen.", "12.8.1994 Renate"),
            Said(
                "Armband, Verschluss gebrochen",
                "Armkettchen mit Herz.",
                "Auf dem Herz: L + J",
            ),
            Said("Kette mit Anhänger", "Halskette mit Kreuz.", "Rückseite: Taufe 2009"),
            Said("Ohrring, einzeln", "Ein Ohrring fehlt mir.", "Stein mit kleinem Sprung"),
        ),
    ),
    Sort(
        "watch",
        8,
        ("silver", "black", "gold"),
        ("Casio", "Fossil", "Junghans", "Swatch"),
        (20, 320),
        "engraving",
        (
            Said(
                "Armbanduhr, Metallband, Kratzer bei der Vier",
                "Armbanduhr mit Metallband.",
                "Boden: 25 Jahre Feuerwehr",
            ),
            Said("Digitaluhr", "Digitale Sportuhr.", "Band mit Kabelbinder geflickt"),
        ),
    ),
    Sort(
        "umbrella",
        10,
        ("red", "black", "blue", "patterned"),
        ("", "Knirps"),
        (3, 25),
        "damage",
        (
            Said("Regenschirm, Holzgriff", "Stockschirm mit Holzgriff.", "Eine Speiche gelötet"),
            Said("Taschenschirm", "Kleiner Regenschirm im Bus vergessen.", "Hülle fremd"),
        ),
    ),
    Sort(
        "toy",
        8,
        ("brown", "white", "patterned"),
        ("", "Steiff", "Lego"),
        (0, 30),
        "damage",
        (
            Said("Stoffhase", "Der Kuschelhase unserer Kleinen.", "Ein Ohr geflickt"),
            Said("Puppe mit Zöpfen", "Puppe im Park verloren.", "Schuh mit Knopf statt Schleife"),
        ),
    ),
    Sort(
        "book",
        5,
        ("", "blue"),
        ("",),
        (5, 30),
        "name",
        (Said("Mäppchen und zwei Schulbücher", "Federmäppchen und Bücher.", "Name: Emil K."),),
    ),
    Sort(
        "sports",
        6,
        ("blue", "white"),
        ("Adidas", "Speedo", "Wilson"),
        (8, 90),
        "name",
        (
            Said("Schwimmbrille und Flossen", "Schwimmsachen im Freibad vergessen.", "Kürzel TVB"),
            Said("Tennisschläger in Hülle", "Mein Tennisschläger.", "Griffband orange"),
        ),
    ),
    Sort(
        "instrument",
        3,
        ("", "black"),
        ("Yamaha", ""),
        (30, 240),
        "name",
        (Said("Blockflöte im Etui", "Blockflöte aus der Musikschule.", "Namenszug M."),),
    ),
    Sort(
        "camera",
        3,
        ("black",),
        ("Canon", "Panasonic"),
        (80, 420),
        "serial",
        (Said("Kompaktkamera mit Schlaufe", "Digitalkamera beim Ausflug verloren.", ""),),
    ),
    Sort(
        "memory",
        3,
        ("black", "silver"),
        ("SanDisk",),
        (5, 25),
        "contents",
        (Said("USB-Stick am Band", "USB-Stick mit meiner Bachelorarbeit.", "Ordner: Thesis"),),
    ),
    Sort(
        "cash",
        5,
        ("",),
        ("",),
        (20, 250),
        "contents",
        (Said("Geldscheine, gefaltet", "Bargeld verloren, in einem Umschlag.", "Büroklammer"),),
    ),
    Sort(
        "identity_paper",
        9,
        ("",),
        ("",),
        (0, 0),
        "name",
        (
            Said("Personalausweis", "Personalausweis verloren.", "Name vermerkt"),
            Said("Führerschein im Kartenformat", "Führerschein verloren.", "Name vermerkt"),
        ),
    ),
    Sort(
        "foreign_paper",
        2,
        ("",),
        ("",),
        (0, 0),
        "name",
        (Said("Ausländischer Reisepass", "Reisepass verloren.", "Name vermerkt"),),
    ),
    Sort(
        "card",
        6,
        ("",),
        ("",),
        (0, 0),
        "name",
        (
            Said("Bankkarte", "EC-Karte verloren.", "Name vermerkt"),
            Said("Gesundheitskarte", "Krankenkassenkarte verloren.", "Name vermerkt"),
        ),
    ),
    Sort(
        "pram",
        2,
        ("grey",),
        ("",),
        (40, 120),
        "damage",
        (Said("Buggy, zusammengeklappt", "Kinderbuggy am Bahnhof.", "Rad links eiert"),),
    ),
)
