"""What residents wrote, in their own words. All of it made up for the demo.

A text may name its street: `{in_street}` becomes „in der Lindenstraße“ or „am Marktplatz“,
`{street}` the bare name, `{town}` the town, `{pole}` the number on a lamp post.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """One resident's words and the answers that go with them. `scene`: the picture it can have."""

    text: str
    answers: dict[str, str] = field(default_factory=dict)
    scene: str = ""
    topic: str = ""

    @property
    def about(self) -> str:
        """What narrows the town's answer down: an answer, the topic, else the scene."""
        return self.answers.get("zustand") or self.topic or self.scene.partition("-")[0]


def _road(text: str, *, open_road: bool = False, acute: bool = False, scene: str = "") -> Said:
    place = "open_road" if open_road else "town"
    return Said(
        text,
        {"ground": "road", "lage": place, "akut": "yes" if acute else "no"},
        scene or "pothole",
    )


def _path(text: str, ground: str, *, acute: bool = False) -> Said:
    return Said(
        text,
        {"ground": ground, "lage": "town", "akut": "yes" if acute else "no"},
        "pothole",
    )


def _pavement(text: str, *, passable: bool = True) -> Said:
    return Said(text, {"rollstuhl": "yes" if passable else "no"}, "pavement")


def _lamp(text: str, state: str = "dark", mast: str = "{pole}", scene: str = "lamp") -> Said:
    answers = {"licht": state}
    if mast:
        answers["mast"] = mast
    return Said(text, answers, scene)


def _signal(text: str, *, open_road: bool = False, acute: bool = False) -> Said:
    return Said(
        text,
        {"lage": "open_road" if open_road else "town", "akut": "yes" if acute else "no"},
        "signal",
    )


def _waste(text: str, *, toxic: bool = False, scene: str = "") -> Said:
    return Said(text, {"giftig": "yes" if toxic else "no"}, scene)


def _bin(text: str, state: str = "full", *, scene: str = "") -> Said:
    return Said(text, {"zustand": state}, scene)


def _play(text: str, *, harmful: bool = False, scene: str = "") -> Said:
    return Said(text, {"verletzung": "yes" if harmful else "no"}, scene)


def _drain(text: str, *, indoors: bool = False, scene: str = "") -> Said:
    return Said(text, {"wasser_im_haus": "yes" if indoors else "no"}, scene)


TEXTS: dict[str, tuple[Said, ...]] = {
    "schlagloch": (
        _road("Tiefes Schlagloch direkt hinter dem Zebrastreifen. Bestimmt 10 cm."),
        _road(
            "Guten Tag, {in_street} hat sich neben dem Kanaldeckel ein Loch gebildet, ungefähr so "
            "groß wie ein Suppenteller und handtief. Bei Regen sieht man es nicht, weil es dann "
            "voll Wasser steht. Gestern ist ein Rollerfahrer dort fast gestürzt. Vielen Dank fürs "
            "Kümmern."
        ),
        _road("Schlagloch!! Mir ist heute früh der Reifen geplatzt. Wer zahlt das jetzt?"),
        _road("die straße sieht aus wie ein flickenteppich, das loch vor nr 12 ist am schlimmsten"),
        _road("Asphalt bricht am Rand weg, auf etwa drei Metern Länge."),
        _road(
            "Nach der Baustelle vom Frühjahr ist die Stelle nie richtig zugemacht worden und sackt "
            "jetzt Woche für Woche weiter ab. Inzwischen rumpelt jeder LKW so, dass bei uns die "
            "Gläser klirren."
        ),
        _road("Mehrere Schlaglöcher hintereinander, Slalom fahren ist angesagt."),
        _road("Loch mitten auf der Kreuzung, wird täglich größer.", acute=True),
        _road(
            "Auf der Landstraße kurz vor dem Ortsschild, rechte Spur Richtung {town}: tiefer "
            "Ausbruch am Fahrbahnrand. Wer dort einem Bus ausweicht, fährt genau hinein.",
            open_road=True,
        ),
        _road("Längsriss mit Kante, für Motorräder sehr unangenehm.", open_road=True),
        _path("Loch im Radweg, mit dem Anhänger kommt man kaum vorbei.", "cycleway"),
        _path(
            "Auf dem Gehweg fehlt ein Stück Asphalt, meine Mutter ist mit dem Rollator "
            "hängen geblieben. Zum Glück ist nichts passiert.",
            "sidewalk",
        ),
        _path(
            "Gehweg vor der Bäckerei eingebrochen. Da drunter ist es hohl!", "sidewalk", acute=True
        ),
        _road("Hallo, wollte nur kurz melden: Schlagloch vor der Ausfahrt vom Supermarkt. LG"),
        _road("Zwei Löcher, ca. 40 x 30 cm, Tiefe 7 cm, Fahrtrichtung Ortsmitte."),
        _road("Das Loch war im letzten Jahr schon mal zu, jetzt ist der Flicken wieder raus."),
        _road("Bitte schauen Sie sich die Einmündung an, der Belag löst sich in Schollen ab."),
        _road("Frostschaden, wie jedes Jahr an derselben Stelle."),
    ),
    "gehwegschaden": (
        _pavement("Mehrere Gehwegplatten wackeln und stehen hoch. Stolpergefahr!"),
        _pavement(
            "Die Wurzel der Platane hebt das Pflaster an. Mit dem Kinderwagen muss ich auf die "
            "Straße ausweichen, und das morgens im Berufsverkehr.",
            passable=False,
        ),
        _pavement("Bordstein abgebrochen, Stück liegt daneben."),
        _pavement("Platte fehlt ganz, da klafft ein Loch im Gehweg."),
        _pavement(
            "Sehr geehrte Damen und Herren, ich bin 81 und gehe hier jeden Tag zum Arzt. Das "
            "Pflaster {in_street} ist so uneben geworden, dass ich mich nur noch an der Hauswand "
            "entlang traue. Für eine Nachricht, ob etwas geplant ist, wäre ich dankbar."
        ),
        _pavement("Absenkung nach Glasfaserverlegung, ca 5 cm tief und 2 m lang"),
        _pavement(
            "Kante an der Bushaltestelle. Der Absatz ist zu hoch, seit neu gepflastert wurde."
        ),
        _pavement("pflastersteine locker, kinder nehmen sie schon zum spielen raus"),
        _pavement(
            "Abgesenkter Bordstein ist zerbröselt, der Rollstuhl meines Mannes kippt fast um.",
            passable=False,
        ),
        _pavement("Der Leitstreifen für Blinde endet mitten in einem Flickstück aus Asphalt."),
        _pavement("Treppenstufe zum Gehweg hoch ist gebrochen, bitte absichern."),
        _pavement("Gehweg voller Risse, bei Nässe steht alles unter Wasser."),
    ),
    "radwegschaden": (
        Said(
            "Wurzelaufbrüche auf etwa 50 Metern, das schlägt einem den Lenker aus der Hand.",
            {"lage": "open_road"},
        ),
        Said(
            "Glasscherben auf dem Radweg, über die ganze Breite. Zwei Platten in einer Woche.",
            {"lage": "town"},
        ),
        Said("Radweg endet im Nichts, Markierung ist komplett abgefahren.", {"lage": "town"}),
        Said("Querrinne ist abgesackt, wer sie nachts nicht kennt, liegt.", {"lage": "town"}),
        Said(
            "Der Radweg nach {town} ist seit dem Holztransport völlig verdreckt und an den Rändern "
            "ausgefahren. Schulkinder fahren da jeden Tag lang. Bitte wenigstens einmal kehren.",
            {"lage": "open_road"},
        ),
        Said("Poller steht ohne Reflektor mitten im Weg", {"lage": "town"}),
        Said("Asphalt aufgeplatzt an der Unterführung, Rampe Nordseite.", {"lage": "town"}),
        Said(
            "Schotter vom Feldweg liegt auf dem Radweg, in der Kurve rutscht man weg.",
            {"lage": "open_road"},
        ),
    ),
    "bauwerk": (
        Said(
            "Das Geländer am Steg ist auf einer Seite lose, man kann es hin und her bewegen.",
            {"akut": "yes"},
            "bridge",
        ),
        Said("Handlauf an der Treppe zum Bahnhof fehlt auf drei Metern.", {"akut": "no"}),
        Said(
            "Aus der Stützmauer sind Steine herausgefallen, sie liegen auf dem Weg.", {"akut": "no"}
        ),
        Said(
            "Brücke über den Bach: zwei Bohlen sind durchgefault. Ich habe einen Ast "
            "hineingesteckt, damit keiner hineintritt. Bitte richtig absperren.",
            {"akut": "yes"},
            "bridge",
        ),
        Said("Unterführung: Putz bröckelt von der Decke", {"akut": "no"}),
        Said("Stufen ausgetreten und schief. Bei Nässe lebensgefährlich glatt.", {"akut": "no"}),
    ),
    "kanaldeckel": (
        Said("Gullideckel fehlt! Offenes Loch am Straßenrand!", {}, "manhole"),
        Said("Der Kanaldeckel klappert bei jedem Auto, nachts ist an Schlaf nicht zu denken."),
        Said(
            "Deckel liegt schief im Rahmen und kippt, wenn man drauftritt. Ich habe eine "
            "Mülltonne davorgestellt. Das ist direkt auf dem Schulweg!",
            {},
            "manhole",
        ),
        Said("Schachtabdeckung gebrochen, ein Stück ist schon hineingefallen", {}, "manhole"),
        Said("Deckel um ca. 4 cm abgesackt, sehr laut beim Überfahren."),
    ),
    "oelspur": (
        Said("Ölspur vom Kreisel bis zur Tankstelle, stinkt nach Diesel."),
        Said(
            "Vermutlich Hydrauliköl, großer Fleck in der Kurve. Ein Radfahrer ist schon gestürzt."
        ),
        Said("lange ölspur, mindestens 200 meter, kommt aus richtung gewerbegebiet"),
        Said(
            "Auslaufender Kleinlaster hat auf dem Parkplatz eine Lache hinterlassen, sie läuft "
            "Richtung Gully."
        ),
    ),
    "laterne": (
        _lamp("Laterne {pole} ist aus."),
        _lamp("Straßenlampe brennt nicht mehr, die ganze Ecke ist stockdunkel."),
        _lamp(
            "Hallo, {in_street} sind gleich drei Laternen hintereinander ausgefallen. Meine "
            "Tochter kommt abends vom Training dort lang und hat Angst. Können Sie bitte bald "
            "jemanden schicken?"
        ),
        _lamp(
            "Laterne Nr. {pole} flackert im Sekundentakt, direkt vor dem Schlafzimmer.", "flicker"
        ),
        _lamp("Leuchtet Tag und Nacht. Stromverschwendung!", "day", scene=""),
        _lamp(
            "Mast {pole} steht schief, da ist wohl jemand dagegen gefahren. Abdeckung unten "
            "offen, Kabel sichtbar!",
            "leaning",
            scene="",
        ),
        _lamp("Lampe defekt", mast=""),
        _lamp("{pole} dunkel"),
        _lamp("Glas der Leuchte hängt nur noch an einer Seite herunter.", scene=""),
        _lamp(
            "Seit dem Gewitter geht die ganze Straßenseite nicht mehr, die gegenüber schon.",
            mast="",
        ),
        _lamp("Am Fußweg hinter der Schule ist es seit zwei Wochen dunkel, vier Lampen aus."),
        _lamp("Die Lampe geht an, nach zehn Minuten wieder aus, dann wieder an.", "flicker"),
        _lamp("Guten Abend, Laterne {pole} vor Haus 7 ohne Funktion. Danke im Voraus."),
        _lamp("laterne wackelt bei wind und geht dann aus", "flicker"),
        _lamp("Schon zum zweiten Mal gemeldet: Beleuchtung an der Bushaltestelle aus!!!"),
        _lamp(
            "Ein Baum ist so in die Laterne gewachsen, dass unten kein Licht mehr ankommt.",
            scene="",
        ),
        _lamp(
            "Lichtmast {pole}: Klappe am Fuß fehlt. Bitte prüfen, ob das gefährlich ist.",
            "dark",
            scene="",
        ),
    ),
    "ampel": (
        _signal("Fußgängerampel wird nicht mehr grün, egal wie oft man drückt."),
        _signal("Die Ampel blinkt seit heute Morgen nur noch gelb.", open_road=True),
        _signal("Drücker für Blinde tickt nicht mehr."),
        _signal("Rotes Licht ausgefallen, Fahrtrichtung Autobahn.", open_road=True, acute=True),
        _signal("Ampelkopf ist verdreht, man sieht von der Haltelinie aus nichts."),
        _signal(
            "Die Grünphase für Fußgänger ist viel zu kurz. Ich bin gut zu Fuß und schaffe es "
            "gerade bis zur Mittelinsel. Im Altenheim gegenüber traut sich keiner mehr rüber."
        ),
        _signal("Taster hängt an den Kabeln heraus"),
    ),
    "schild": (
        Said("Stoppschild liegt im Graben.", {"aufschrift": "Stopp"}, "", topic="sign"),
        Said(
            "Das Straßenschild „{street}“ ist abgebrochen, der Paketdienst sucht jedes Mal.",
            {"aufschrift": "{street}"},
            "sign-name",
        ),
        Said(
            "Tempo-30-Schild völlig von einer Hecke zugewachsen.",
            {"aufschrift": "Tempo 30"},
            "sign-thirty",
        ),
        Said(
            "schild wurde angefahren und zeigt jetzt in die falsche richtung",
            {"aufschrift": "Einbahnstraße"},
            "",
            topic="sign",
        ),
        Said("Verkehrsspiegel an der Ausfahrt ist blind geworden, man sieht nur noch Grau."),
        Said("Der Zebrastreifen ist kaum noch zu erkennen. Vor einer Grundschule!"),
        Said(
            "Vorfahrtschild mit Aufklebern zugeklebt.",
            {"aufschrift": "Vorfahrt gewähren"},
            "",
            topic="sign",
        ),
        Said("Poller umgefahren, liegt auf dem Gehweg."),
        Said(
            "Wegweiser nach {town} hängt nur noch an einer Schraube.",
            {"aufschrift": "Wegweiser"},
            "sign-name",
        ),
        Said(
            "Nach der Baustelle sind die mobilen Halteverbotsschilder stehen geblieben. Seit drei "
            "Wochen arbeitet hier niemand mehr, aber keiner traut sich zu parken.",
            {"aufschrift": "Halteverbot"},
        ),
        Said("Stoppschild verbogen, vermutlich ein LKW.", {"aufschrift": "Stopp"}, "sign-stop"),
        Said("Parkscheinautomat nimmt keine Münzen und zeigt nur „Störung“."),
    ),
    "schrottfahrzeug": (
        Said(
            "Kleinwagen ohne Kennzeichen, steht seit Monaten, Reifen platt.",
            {"kennzeichen": "no"},
            "wreck",
        ),
        Said(
            "Wohnwagen wird hier dauerhaft abgestellt, Moos auf dem Dach.", {"kennzeichen": "yes"}
        ),
        Said(
            "Drei Fahrradleichen am Ständer beim Bahnhof, die brauchen nur Platz weg.",
            {"kennzeichen": "no"},
        ),
        Said("Abgemeldeter Transporter, hinten liegen alte Batterien drin.", {"kennzeichen": "no"}),
        Said("Anhänger ohne nummernschild blockiert 2 Parkplätze", {"kennzeichen": "no"}),
        Said(
            "Motorroller liegt im Gebüsch, Verkleidung fehlt. Vielleicht gestohlen?",
            {"kennzeichen": "no"},
        ),
    ),
    "falschparken": (
        Said("Jeden Morgen stehen Elterntaxis auf dem Gehweg vor der Schule."),
        Said("Lieferwagen parkt dauerhaft in der Feuerwehrzufahrt."),
        Said("Gehweg komplett zugeparkt, man muss auf die Straße."),
        Said("An der Einmündung wird so eng geparkt, dass die Müllabfuhr nicht durchkommt."),
        Said("Auf dem Behindertenparkplatz steht seit Tagen ein Auto ohne Ausweis."),
        Said("Wendehammer zugeparkt, Rettungswagen musste rückwärts raus!"),
    ),
    "wilder-muell": (
        _waste("Fünf blaue Säcke im Straßengraben.", scene="waste"),
        _waste("Jemand hat am Waldrand einen ganzen Anhänger Bauschutt abgekippt."),
        _waste("Alte Reifen, ca. 12 Stück, hinter den Glascontainern.", scene="waste"),
        _waste(
            "Hinter dem Sportplatz liegt ein Haufen Hausmüll, Windeln, Pizzakartons, alles. Die "
            "Krähen haben die Säcke aufgerissen und jetzt fliegt es über die Wiese. Ich habe schon "
            "einen Sack voll aufgesammelt, aber das ist zu viel für einen allein.",
            scene="waste",
        ),
        _waste("Farbeimer im Bach, einer ist ausgelaufen.", toxic=True),
        _waste("Müll müll müll. Kommt hier überhaupt noch jemand vorbei?", scene="waste"),
        _waste("Neben den Altkleidercontainern sieht es aus wie auf der Deponie.", scene="waste"),
        _waste("Waschmaschine am Feldweg entsorgt."),
        _waste("Welldach-Platten, könnten Asbest sein, liegen am Parkplatz.", toxic=True),
        _waste("2 Einkaufswagen im Bachbett"),
        _waste("Grünschnitt wird hier regelmäßig den Hang runtergekippt, es stinkt und rutscht."),
        _waste(
            "Guten Morgen! Auf dem Wanderparkplatz liegen die Reste einer Feier: Flaschen, "
            "Scherben, Einweggrill. Wäre schön, wenn das vor dem Wochenende weg ist.",
            scene="waste",
        ),
        _waste("Elektroschrott vor dem Haus, wird schon ausgeschlachtet."),
        _waste("Haufen Zeitungen und Prospekte, hat wohl ein Austräger weggeworfen."),
        _waste("Spritzen im Gebüsch neben dem Spielplatz. Bitte SOFORT.", toxic=True),
        _waste("Gelbe Säcke liegen seit der letzten Abfuhr auf der Straße herum.", scene="waste"),
    ),
    "sperrmuell": (
        Said("Sofa und Matratze stehen seit einer Woche am Straßenrand.", {}, "sofa"),
        Said("Sperrmüll wurde nur halb mitgenommen, der Rest versperrt den Gehweg.", {}, "sofa"),
        Said("Kühlschrank ohne Tür, daneben zwei Sessel und ein Teppich."),
        Said("nach dem auszug von nr. 9 liegt der halbe hausstand auf der straße", {}, "sofa"),
        Said(
            "Bei uns war für Dienstag Sperrmüll angemeldet. Abgeholt wurde nichts, inzwischen "
            "haben Fremde noch einen Fernseher und Autoteile dazugestellt. Das ist nicht alles "
            "von uns.",
            {},
            "sofa",
        ),
        Said("Zerlegter Schrank, Nägel stehen heraus."),
        Said("Matratzen hinter der Trafostation", {}, "sofa"),
        Said("Schreibtisch mit Zettel „zu verschenken“, mittlerweile komplett durchweicht."),
        Said("Alte Küche inkl. Spüle vor dem Mehrfamilienhaus, da blickt keiner mehr durch."),
    ),
    "abfalleimer": (
        _bin("Mülleimer quillt über.", scene="bin"),
        _bin("Papierkorb an der Bank abgebrannt.", "broken"),
        _bin("Glascontainer voll, Flaschen stehen davor und gehen kaputt."),
        _bin(
            "Der Eimer an der Bushaltestelle ist verschwunden, nur die Stange steht noch.",
            "missing",
        ),
        _bin("Hundebeutelspender leer und Eimer voll. Bitte öfter leeren!", scene="bin"),
        _bin(
            "Am Wochenende reicht der eine Eimer am Spielplatz nie. Vielleicht ein größerer?",
            scene="bin",
        ),
        _bin("Deckel ab, Wespen überall", "broken"),
        _bin("Kleidercontainer voll, Tüten liegen im Regen."),
        _bin("Klappe klemmt, die Leute werfen alles daneben.", "broken"),
        _bin(
            "Seit zwei Wochen nicht geleert, Krähen verteilen den Inhalt bis auf die Straße.",
            scene="bin",
        ),
    ),
    "hundekot": (
        Said("Hundehaufen auf dem Bolzplatz, jede Woche dasselbe."),
        Said("Gehweg vor dem Kindergarten ist ein Hundeklo."),
        Said("Die Beutel werden zwar gefüllt, aber dann in die Hecke geworfen. Was soll das?"),
        Said("Spender für Tüten wäre hier sinnvoll, der nächste ist einen Kilometer weg."),
        Said("Kot auf der Liegewiese. Kinder spielen hier barfuß!"),
        Said("Bin heute mit dem Kinderwagen durchgefahren. Danke auch."),
    ),
    "graffiti": (
        Said("Unterführung komplett besprüht.", {"verboten": "no"}, "graffiti"),
        Said(
            "Hakenkreuz an der Wand vom Jugendhaus, bitte schnell weg damit.", {"verboten": "yes"}
        ),
        Said(
            "Frisch gestrichene Mauer schon wieder mit Tags voll.", {"verboten": "no"}, "graffiti"
        ),
        Said(
            "Buswartehäuschen beschmiert und Aufkleber an den Scheiben.",
            {"verboten": "no"},
            "graffiti",
        ),
        Said(
            "Stromkasten bemalt. Wobei der Fuchs ehrlich gesagt ganz gut aussieht.",
            {"verboten": "no"},
            "fox",
        ),
        Said(
            "Beleidigung gegen eine Nachbarin mit vollem Namen an der Garagenwand.",
            {"verboten": "yes"},
        ),
        Said("Denkmal mit Farbe übergossen", {"verboten": "no"}),
        Said(
            "Schriftzug quer über die Infotafel am Wanderweg, man kann die Karte nicht mehr lesen.",
            {"verboten": "no"},
            "graffiti",
        ),
    ),
    "totes-tier": (
        Said("Tote Katze am Straßenrand, getigert, kein Halsband. Vielleicht vermisst sie jemand."),
        Said("Überfahrener Dachs, liegt auf dem Radweg."),
        Said("toter vogel (schwan?) am ufer"),
        Said("Ein Reh liegt im Graben, noch nicht lange."),
        Said("Mehrere tote Fische im Graben, das Wasser ist milchig."),
    ),
    "bewuchs": (
        Said("Hecke ragt halb über den Gehweg.", {}, "hedge"),
        Said(
            "Zweige hängen so tief, dass sich jeder Radfahrer ducken muss.", {}, "", topic="hedge"
        ),
        Said("Man sieht beim Ausfahren nichts mehr, alles zugewachsen.", {}, "hedge"),
        Said(
            "Die Brombeeren am Verbindungsweg haben inzwischen beide Seiten erobert. Mit "
            "Kinderwagen kommt man nicht mehr durch, ohne sich die Jacke zu zerreißen. Könnte der "
            "Bauhof da einmal durchgehen?"
        ),
        Said("Unkraut steht kniehoch in der Verkehrsinsel."),
        Said("äste schlagen bei wind gegen die leitung", {}, "", topic="branch"),
        Said("Kirschlorbeer vom Nachbargrundstück, Gehweg nur noch 60 cm breit.", {}, "hedge"),
        Said("Abgebrochener Ast liegt seit dem Sturm auf dem Spielplatzweg.", {}, "branch"),
        Said("Efeu hat das Straßenschild verschluckt.", {}, "", topic="hedge"),
        Said(
            "Baumscheibe total verwildert, da fliegt auch Müll rein. Ich würde sie gern pflegen, "
            "darf ich das?"
        ),
        Said("Wildwuchs am Wendehammer, bitte mal mähen."),
        Said(
            "Wurzelausschläge der Linden so dicht, dass man aus der Einfahrt blind rausfährt.",
            {},
            "hedge",
        ),
    ),
    "baumgefahr": (
        Said("Große Birke neigt sich seit dem Sturm zur Straße, Erde ist schon aufgerissen."),
        Said("Dicker Ast hängt lose in der Krone, genau über der Bank!", {}, "branch"),
        Said("Baum umgestürzt, liegt quer über dem Radweg. Man kann außen herum.", {}, "branch"),
        Said("Kastanie innen hohl, unten wachsen Pilze heraus. Steht am Schulhof."),
        Said("nach dem gewitter ist die halbe krone abgebrochen, rest hängt noch", {}, "branch"),
    ),
    "spielgeraet": (
        _play("Schaukel hängt nur noch an einer Kette.", harmful=True, scene="swing"),
        _play(
            "Rutsche hat einen Riss mit scharfer Kante, mein Sohn hat sich geschnitten.",
            harmful=True,
        ),
        _play("Im Sandkasten liegt mehr Laub und Katzendreck als Sand."),
        _play("Wippe quietscht so laut, dass man es drei Straßen weiter hört."),
        _play("Netz am Bolzplatztor zerrissen."),
        _play("Holz am Klettergerüst morsch, Schrauben stehen raus.", harmful=True),
        _play(
            "Türchen vom Spielplatz schließt nicht mehr, die Kleinen laufen auf die Straße.",
            harmful=True,
        ),
        _play(
            "Liebe Stadt, das Karussell dreht sich nicht mehr. Meine Kinder (4 und 6) sind sehr "
            "traurig und haben mich gebeten, das hier zu schreiben."
        ),
        _play("Tischtennisplatte gesprungen"),
    ),
    "sitzbank": (
        Said("Sitzlatten an der Bank herausgebrochen.", {}, "bench"),
        Said(
            "Bank am Aussichtspunkt umgeworfen, schade um den schönen Blick.", {}, "", topic="bench"
        ),
        Said("Scheibe im Wartehäuschen eingeschlagen, überall Krümel aus Glas."),
        Said("Fahrradständer ist locker, man kann ihn einfach aus dem Boden ziehen."),
        Said("Schaukasten am Rathaus ist undicht, die Aushänge sind verschimmelt."),
        Said(
            "Früher standen hier zwei Bänke, jetzt nur noch die Füße davon. Für die Leute aus dem "
            "Seniorenheim war das die einzige Pause auf dem Weg zum Friedhof.",
            {},
            "",
            topic="bench",
        ),
        Said("bank voll kaugummi und kippen, pfui", {}, "", topic="bench"),
        Said("Fahrplan an der Haltestelle abgerissen."),
        Said("Trinkbrunnen läuft nicht."),
    ),
    "gully": (
        _drain("Gully verstopft, Wasser läuft bei Regen in die Einfahrt.", scene="drain"),
        _drain("Straßenablauf voll Laub und Erde.", scene="drain"),
        _drain("Bei jedem Gewitter steht hier ein See bis zur Haustür.", indoors=True),
        _drain("Stinkt nach Kanal, vor allem morgens."),
        _drain(
            "Der Einlauf {in_street} ist seit der Baustelle mit Beton zugelaufen. Das Wasser "
            "schießt deshalb bis zur Kreuzung herunter und friert dort im Winter. Bitte vor dem "
            "ersten Frost nachsehen."
        ),
        _drain("Rost gebrochen, Fahrradreifen passt durch!"),
        _drain(
            "gulli dicht, große pfütze am zebrastreifen, man wird jedesmal nassgespritzt",
            scene="drain",
        ),
        _drain("Keller vollgelaufen, weil der Ablauf oben am Hang zu ist.", indoors=True),
        _drain("Ratten am Kanaleinlauf gesehen, zwei Stück am hellen Tag."),
    ),
    "gewaesser": (
        Said("Brunnen auf dem Platz läuft nicht mehr und ist voll Algen.", {}, "fountain"),
        Said("Schaum auf dem Bach, riecht nach Waschmittel."),
        Said("Aus dem Hydranten tropft es dauernd, der Gehweg ist schon grün."),
        Said("Baumstamm klemmt unter der Brücke, das Wasser staut sich."),
        Said("Das Wasser drückt aus dem Asphalt, könnte ein Rohrbruch sein."),
        Said("Treibgut im Rechen, bitte räumen, bevor es wieder regnet."),
    ),
    "laerm": (
        Said("Laubbläser um 6:40 Uhr, jeden Samstag."),
        Said("Musik auf dem Parkplatz bis nachts um zwei."),
        Said("Baustelle arbeitet in der Mittagsruhe mit dem Presslufthammer."),
        Said("Lüftung vom Supermarkt brummt die ganze Nacht."),
    ),
    "verwahrlost": (
        Said("Rund um die Bänke nur noch Scherben und Kippen."),
        Said("Die Unterführung riecht nach Urin, die Lampe ist auch kaputt."),
        Said("Abends traut man sich an der Haltestelle nicht mehr zu warten."),
        Said("Früher ein schöner Platz, heute Unkraut, Dosen und eine tote Palme im Kübel."),
        Said("Bitte einmal gründlich kehren, der Boden klebt."),
        Said("Blumenkübel ausgeleert, Erde überall verteilt."),
    ),
}

# What people put around it. Empty strings keep most texts as they are.
BEFORE = ("", "", "", "", "Hallo, ", "Guten Tag, ", "Moin, ", "Liebes Team, ", "Nochmal: ")
AFTER = (
    "",
    "",
    "",
    "",
    " Danke!",
    " Vielen Dank.",
    " Bitte um Rückmeldung.",
    " Das geht schon seit Wochen so.",
    " Mit freundlichen Grüßen",
    " LG aus der Nachbarschaft",
    " Wann passiert da was?",
    " Danke fürs Kümmern.",
)

# Categories in the mix of 300, roughly as towns know it.
WEIGHTS: dict[str, int] = {
    "schlagloch": 30,
    "gehwegschaden": 18,
    "radwegschaden": 11,
    "bauwerk": 6,
    "kanaldeckel": 5,
    "oelspur": 3,
    "laterne": 34,
    "ampel": 8,
    "schild": 18,
    "schrottfahrzeug": 10,
    "falschparken": 9,
    "wilder-muell": 34,
    "sperrmuell": 15,
    "abfalleimer": 16,
    "hundekot": 8,
    "graffiti": 12,
    "totes-tier": 4,
    "bewuchs": 20,
    "baumgefahr": 5,
    "spielgeraet": 12,
    "sitzbank": 11,
    "gully": 12,
    "gewaesser": 7,
    "laerm": 4,
    "verwahrlost": 8,
}


def in_street(street: str) -> str:
    """„in der Lindenstraße“, „im Lindenweg“, „am Marktplatz“; „hier“ where no rule fits."""
    last = street.lower().rpartition(" ")[2]
    if (
        street.startswith(("Am ", "An ", "Im ", "In ", "Auf ", "Zum ", "Zur ", "Unter "))
        or not last
    ):
        return "hier"
    for endings, words in _PREPOSITIONS:
        if last.endswith(endings):
            return f"{words} {street}"
    return "hier"


_PREPOSITIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("straße", "gasse", "allee", "chaussee"), "in der"),
    (("weg", "pfad", "grund", "winkel"), "im"),
    (("platz", "markt", "ring", "ufer", "berg", "damm"), "am"),
)
