"""What town halls answered: public words in the timeline, notes among colleagues. Made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answers:
    """Words for a category, or for `category/about`: working, done, waiting, nothing done."""

    working: tuple[str, ...]
    done: tuple[str, ...]
    waiting: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()


ANSWERS: dict[str, Answers] = {
    "schlagloch": Answers(
        working=(
            "Wir haben uns die Stelle angesehen und mit einer Bake gesichert. Geflickt wird sie "
            "in der kommenden Woche.",
            "Die Reparatur ist beauftragt. Bis dahin weist ein Schild auf den Schaden hin.",
            "Danke für den Hinweis. Das Loch kommt auf die Liste für die nächste Asphalttour.",
        ),
        done=(
            "Das Loch ist mit Heißasphalt geschlossen.",
            "Unser Bautrupp hat die Stelle gefräst und neu asphaltiert. Gute Fahrt.",
            "Ausgebessert. Wir sehen im Frühjahr nach, ob der Flicken hält.",
        ),
        waiting=(
            "Der Kanal darunter wird bis zum Herbst erneuert, dann kommt die ganze Decke neu. "
            "Bis dahin halten wir die Stelle mit Kaltasphalt befahrbar.",
        ),
        nothing=(
            "Wir haben nachgemessen: Die Vertiefung liegt unter vier Zentimetern und ist gut zu "
            "sehen. Wir beobachten die Stelle, flicken sie aber noch nicht.",
        ),
    ),
    "gehwegschaden": Answers(
        working=(
            "Die losen Platten sind markiert. Unser Pflasterer setzt sie in diesen Tagen neu.",
            "Wir haben die Stelle abgesperrt und klären mit dem Netzbetreiber, wer sie repariert.",
        ),
        done=(
            "Die Platten liegen wieder fest und eben.",
            "Der Gehweg ist repariert, auch der Bordstein ist wieder abgesenkt.",
        ),
        waiting=(
            "Nebenan werden noch Leitungen verlegt. Danach wird der ganze Gehweg neu gepflastert.",
        ),
        nothing=(
            "Der Weg gehört zum Nachbargrundstück. Wir haben den Eigentümer angeschrieben, selbst "
            "reparieren dürfen wir dort nicht.",
        ),
    ),
    "radwegschaden": Answers(
        working=("Die Strecke ist im Programm für die Radwege, wir beginnen in diesem Monat.",),
        done=(
            "Der Radweg ist wieder gut befahrbar.",
            "Erledigt, wir haben die ganze Strecke abgefahren und geprüft.",
        ),
        waiting=("Für den Abschnitt fehlt noch die Zustimmung des Eigentümers.",),
        nothing=(
            "Wir haben die Stelle geprüft: Sie ist befahrbar und wird im nächsten Jahr mit der "
            "ganzen Decke erneuert.",
        ),
    ),
    "bauwerk": Answers(
        working=("Die Stelle ist abgesperrt. Ein Statiker sieht sie sich an.",),
        done=("Repariert und geprüft, der Weg ist wieder frei.",),
        waiting=(
            "Das Teil wird eigens gefertigt, das dauert etwa sechs Wochen. Bis dahin bleibt die "
            "Stelle gesichert.",
        ),
    ),
    "kanaldeckel": Answers(
        working=("Die Stelle ist gesichert, der passende Deckel ist bestellt.",),
        done=(
            "Der Deckel ist ersetzt und sitzt fest.",
            "Wir haben den Rahmen neu eingesetzt. Es klappert nichts mehr.",
        ),
    ),
    "oelspur": Answers(
        working=("Der Bauhof streut Bindemittel, bitte fahren Sie langsam.",),
        done=("Das Öl ist gebunden und aufgenommen, die Fahrbahn wieder griffig.",),
    ),
    "laterne": Answers(
        working=(
            "Die Störung ist beim Netzbetreiber gemeldet, das Material ist bestellt.",
            "Ein Monteur sieht sich den Mast in dieser Woche an.",
        ),
        done=(
            "Die Leuchte ist getauscht. Sie brennt jetzt mit LED.",
            "Repariert. Ein Monteur hat die ganze Straße am Abend noch einmal geprüft.",
            "Der Fehler ist gefunden und behoben. Danke, dass Sie Bescheid gesagt haben.",
        ),
        waiting=(
            "Der Mast wird beim Straßenausbau ersetzt, ein provisorisches Licht hängt schon.",
        ),
        nothing=(
            "Diese Laterne schaltet planmäßig um 23 Uhr ab, um die Tiere am Bach zu schonen.",
        ),
    ),
    "ampel": Answers(
        working=("Die Wartungsfirma ist unterwegs.",),
        done=("Die Anlage ist repariert und läuft wieder.",),
        waiting=("Das Ersatzteil wird in etwa zwei Wochen geliefert.",),
    ),
    "schild": Answers(
        working=("Wir haben es uns angesehen und das Material bestellt.",),
        done=("Erledigt. Unser Trupp war heute Morgen vor Ort.",),
        waiting=("Wir nehmen die Stelle in die nächste Verkehrsschau mit der Polizei auf.",),
        nothing=("Wir haben es geprüft: Die Regelung bleibt nach der Verkehrsschau so bestehen.",),
    ),
    "schild/sign": Answers(
        working=("Ein neues Schild ist bestellt, bis dahin steht ein Ersatz.",),
        done=(
            "Das Schild steht wieder gerade und ist gut zu sehen.",
            "Das Schild ist ersetzt.",
        ),
        waiting=("Das Schild wird eigens gedruckt und kommt in drei Wochen.",),
    ),
    "schrottfahrzeug": Answers(
        working=("Am Fahrzeug klebt unsere Aufforderung. Der Halter hat vier Wochen Zeit.",),
        done=("Das Fahrzeug ist abgeschleppt.", "Der Halter hat es selbst weggebracht."),
        nothing=("Das Fahrzeug ist zugelassen und darf dort stehen.",),
    ),
    "falschparken": Answers(
        working=("Wir kontrollieren dort in den nächsten Tagen zu verschiedenen Zeiten.",),
        done=("Wir haben mehrmals kontrolliert und verwarnt. Die Zufahrt ist frei.",),
        nothing=("Bei drei Kontrollen stand dort niemand im Verbot.",),
    ),
    "wilder-muell": Answers(
        working=(
            "Der Bauhof fährt die Stelle morgen an.",
            "Wir suchen im Abfall nach Hinweisen auf den Verursacher, dann räumen wir auf.",
        ),
        done=(
            "Alles weggeräumt. Danke, dass Sie hingesehen haben.",
            "Der Abfall ist abgeholt, gegen den Verursacher läuft ein Verfahren.",
            "Geräumt und gekehrt.",
        ),
        nothing=("Vor Ort war nichts mehr zu finden.",),
    ),
    "sperrmuell": Answers(
        working=("Die zweite Abholung ist bestellt.",),
        done=("Abgeholt.", "Der Zweckverband hat alles mitgenommen und den Gehweg gekehrt."),
        nothing=("Der Sperrmüll war angemeldet und wurde am selben Tag abgeholt.",),
    ),
    "abfalleimer": Answers(
        working=("Ein neuer Eimer ist bestellt.",),
        done=(
            "Der Eimer ist ersetzt, mit größerer Klappe.",
            "Ein neuer Eimer hängt.",
        ),
        nothing=("Der Eimer wurde versetzt und hängt jetzt zwanzig Meter weiter.",),
    ),
    "abfalleimer/full": Answers(
        working=("Der Leerungsplan wird angepasst, heute kommt eine Sonderfahrt.",),
        done=(
            "Geleert. Wir kommen dort jetzt zweimal in der Woche vorbei.",
            "Geleert und drumherum gekehrt.",
        ),
    ),
    "hundekot": Answers(
        working=("Wir prüfen einen Platz für einen Beutelspender.",),
        done=("Gereinigt. Ein Beutelspender hängt jetzt am Eingang.",),
        waiting=("Über weitere Spender entscheidet der Ausschuss im nächsten Monat.",),
        nothing=("Beim Rundgang war die Fläche sauber. Wir schauen weiter regelmäßig vorbei.",),
    ),
    "graffiti": Answers(
        working=("Wir haben Anzeige erstattet. Die Reinigung ist beauftragt.",),
        done=("Entfernt und mit Schutzlack versehen.", "Alles wieder sauber."),
    ),
    "graffiti/fox": Answers(
        working=("Wir fragen beim Netzbetreiber nach, ob das Bild bestellt war.",),
        done=("Das Bild ist mit dem Netzbetreiber abgesprochen. Der Fuchs darf bleiben.",),
        nothing=("Das ist eine freigegebene Fläche der Jugendarbeit. Der Fuchs darf bleiben.",),
    ),
    "totes-tier": Answers(
        working=("Der Bauhof ist unterwegs.",),
        done=("Abgeholt. Danke für den Hinweis.",),
    ),
    "bewuchs": Answers(
        working=(
            "Der Eigentümer hat zwei Wochen Zeit zum Schneiden bekommen.",
            "Der Schnitt steht für diese Woche im Plan.",
        ),
        done=(
            "Zurückgeschnitten, der Weg hat wieder seine volle Breite.",
            "Geschnitten, die Sicht ist wieder frei.",
        ),
        waiting=("Im Strauch brüten Vögel. Wir schneiden, sobald die Jungen flügge sind.",),
        nothing=("Der Grünstreifen bleibt für Insekten stehen und wird nur im Herbst gemäht.",),
    ),
    "bewuchs/branch": Answers(
        working=("Der Bauhof kommt in dieser Woche mit der Hebebühne.",),
        done=("Der Ast ist entfernt und das Holz gehäckselt.",),
    ),
    "baumgefahr": Answers(
        working=("Der Bereich ist abgesperrt, ein Baumpfleger ist bestellt.",),
        done=(
            "Der Baum ist gefällt. Im Herbst pflanzen wir eine Linde nach.",
            "Die losen Äste sind herausgeschnitten, der Baum steht sicher.",
        ),
    ),
    "spielgeraet": Answers(
        working=("Das Gerät ist gesperrt, das Ersatzteil ist bestellt.",),
        done=(
            "Repariert und geprüft. Viel Spaß beim Spielen.",
            "Erledigt, der Spielplatz ist wieder ganz freigegeben.",
        ),
        waiting=(
            "Der Platz wird im Sommer mit den Kindern neu geplant, so lange bleibt das Gerät "
            "gesperrt.",
        ),
    ),
    "sitzbank": Answers(
        working=("Das Ersatzteil ist bestellt.",),
        done=("Repariert. Danke für den Hinweis.",),
        waiting=("Wir sammeln mehrere Reparaturen für einen Termin im nächsten Monat.",),
        nothing=("Bei der Kontrolle war alles heil. Vielleicht war ein Kollege schneller.",),
    ),
    "sitzbank/bench": Answers(
        working=("Unsere Schreinerei sägt neue Latten zu.",),
        done=("Die Bank steht wieder. Setzen Sie sich gern.", "Neue Latten sind angeschraubt."),
        nothing=("Die Bank ist über den Winter eingelagert und kommt im März zurück.",),
    ),
    "gully": Answers(
        working=("Der Saugwagen ist für diese Woche bestellt.",),
        done=("Gespült und geprüft, das Wasser läuft wieder ab.",),
        waiting=(
            "Das Rohr ist gebrochen und muss freigelegt werden. Die Firma hat uns einen Termin "
            "in vier Wochen genannt.",
        ),
    ),
    "gewaesser": Answers(
        working=("Wir waren vor Ort und haben den Wasserversorger hinzugezogen.",),
        done=("Behoben. Wir sehen in zwei Wochen noch einmal nach.",),
    ),
    "gewaesser/fountain": Answers(
        working=("Der Brunnen wird abgelassen und gereinigt.",),
        done=("Der Brunnen ist sauber und läuft wieder.",),
        waiting=("Der Brunnen braucht eine neue Pumpe. Sie wird in fünf Wochen geliefert.",),
    ),
    "laerm": Answers(
        working=("Wir haben Kontakt aufgenommen und messen nach.",),
        done=("Wir haben mit den Beteiligten gesprochen, seitdem ist es ruhig.",),
        nothing=("Für die Arbeiten liegt eine Genehmigung bis Ende des Monats vor.",),
    ),
    "verwahrlost": Answers(
        working=("Wir gehen den Platz mit dem Ortsbeirat durch.",),
        done=("Gründlich gereinigt. Wir kommen jetzt jede Woche vorbei.",),
        waiting=("Für neue Pflanzen warten wir den Frost ab.",),
    ),
}


def answers_to(category: str, *, about: str) -> Answers:
    """The town's words; `about` narrows them down where a category holds different things."""
    return ANSWERS.get(f"{category}/{about}", ANSWERS[category])


# Whom a report can be passed on to: a department's slug or an outside body's name, and the words.
FORWARDS: dict[str, tuple[tuple[str, str], ...]] = {
    "schlagloch": (
        (
            "hessen-mobil-demo",
            "Die Straße gehört dem Land. Wir haben Ihre Meldung an die Straßenmeisterei gegeben.",
        ),
    ),
    "radwegschaden": (
        ("hessen-mobil-demo", "Der Radweg liegt an der Landesstraße, zuständig ist das Land."),
    ),
    "ampel": (("hessen-mobil-demo", "Diese Ampel betreibt das Land. Die Störung ist gemeldet."),),
    "bewuchs": (
        ("Hessen Forst (Demo)", "Die Bäume stehen im Staatswald. Der Revierförster weiß Bescheid."),
    ),
    "wilder-muell": (
        ("Hessen Forst (Demo)", "Der Platz liegt im Staatswald. Das Forstamt räumt auf."),
        ("Autobahn GmbH (Demo)", "Der Rastplatz gehört zur Autobahn. Wir haben es weitergegeben."),
    ),
    "graffiti": (
        ("Deutsche Bahn (Demo)", "Die Unterführung gehört der Bahn. Die Reinigung ist angefragt."),
    ),
    "sitzbank": (("Verkehrsverbund (Demo)", "Das Wartehäuschen gehört dem Verkehrsverbund."),),
    "gewaesser": (
        ("Gewässerverband Bergstraße (Demo)", "Um den Bach kümmert sich der Gewässerverband."),
    ),
}

REOPENED = (
    "Sie haben uns geschrieben, dass es noch nicht behoben ist. Wir sehen noch einmal nach.",
    "Bei der Nachkontrolle war der Schaden wieder da. Wir nehmen die Meldung erneut auf.",
    "Der Flicken hat nicht gehalten, wir kommen noch einmal.",
)

NOTES = (
    "Foto liegt im Laufwerk, bitte beim nächsten Rundgang vergleichen.",
    "Mit Kollege Kolb telefoniert, fährt am Nachmittag vorbei.",
    "Rechnung geht an den Netzbetreiber, Aufgrabung vom Mai.",
    "Anlieger hat auch angerufen, freundlich, braucht keine eigene Antwort.",
    "Gewährleistung läuft noch bis Jahresende, Firma angeschrieben.",
    "Bitte Verkehrssicherung vor 7 Uhr, danach Schulweg.",
    "Dritte Meldung zu dieser Ecke in diesem Jahr. Für die Verkehrsschau vormerken.",
    "Schlüssel für den Poller hängt im Bauhof, Haken 12.",
    "Vor Ort gewesen, 15:20 Uhr. Material: 2 Säcke Kaltasphalt.",
    "Eigentümer ermittelt, Schreiben ist raus.",
    "Ortsvorsteher fragt nach dem Stand, Rückruf morgen.",
    "Bitte nicht mit der Baustelle nebenan verwechseln, die gehört den Stadtwerken.",
    "Leiter mitnehmen, der Kasten hängt auf drei Metern.",
    "Passt zur Mäharbeit in Abschnitt 4, zusammen erledigen.",
)
