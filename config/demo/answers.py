"""What town halls answered: public words in the timeline, notes among colleagues. Made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answers:
    """Words for a category: while working, when done, when it waits, when nothing is done."""

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
            "Die losen Platten sind markiert. Unser Pflasterer setzt sie in den nächsten Tagen neu.",
            "Wir haben die Stelle abgesperrt und klären mit dem Netzbetreiber, wer sie repariert.",
        ),
        done=(
            "Die Platten liegen wieder fest und eben.",
            "Der Gehweg ist repariert, auch der Bordstein ist wieder abgesenkt.",
        ),
        waiting=(
            "Die Wurzel gehört zu einem geschützten Baum. Wir warten auf das Gutachten und legen "
            "so lange eine Rampe aus Asphalt an.",
        ),
        nothing=(
            "Der Weg gehört zum Nachbargrundstück. Wir haben den Eigentümer angeschrieben, selbst "
            "reparieren dürfen wir dort nicht.",
        ),
    ),
    "radwegschaden": Answers(
        working=("Die Strecke ist im Programm für die Radwege, wir beginnen in diesem Monat.",),
        done=("Gekehrt und geprüft, der Radweg ist wieder frei.", "Die Kante ist abgefräst."),
        waiting=("Für den Abschnitt fehlt noch die Zustimmung des Eigentümers.",),
        nothing=("Die Markierung fällt weg, weil die Straße im Sommer zur Fahrradstraße wird.",),
    ),
    "bauwerk": Answers(
        working=("Die Stelle ist abgesperrt. Ein Statiker sieht sie sich an.",),
        done=("Das Geländer ist verschweißt und wieder fest.", "Die Steine sind neu gesetzt."),
        waiting=("Der Handlauf muss gefertigt werden, das dauert etwa sechs Wochen.",),
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
            "Der Fehler liegt im Kabel. Eine Baufirma gräbt es in den nächsten Tagen auf.",
        ),
        done=(
            "Die Leuchte ist getauscht. Sie brennt jetzt mit LED.",
            "Eine Sicherung war ausgelöst. Die Lampen leuchten wieder.",
            "Neues Leuchtmittel eingesetzt. Danke für die Mastnummer, das spart uns einen Weg.",
        ),
        waiting=("Der Mast wird beim Straßenausbau ersetzt, ein provisorisches Licht hängt schon.",),
        nothing=(
            "Diese Laterne schaltet planmäßig um 23 Uhr ab, um die Tiere am Bach zu schonen.",
        ),
    ),
    "ampel": Answers(
        working=("Die Wartungsfirma ist unterwegs.",),
        done=("Das Steuergerät ist getauscht, die Ampel läuft wieder.", "Der Taster ist erneuert."),
        waiting=("Für eine längere Grünphase wird der Verkehr gezählt, das Ergebnis liegt bald vor.",),
        nothing=("Geprüft: Die Grünzeit entspricht den Vorgaben und wurde im März verlängert.",),
    ),
    "schild": Answers(
        working=("Das Schild ist bestellt, ein Ersatz steht schon.",),
        done=(
            "Das Schild steht wieder gerade und ist gut zu sehen.",
            "Wir haben die Markierung erneuert.",
            "Die Schilder sind abgebaut. Parken ist wieder erlaubt.",
        ),
        waiting=("Markiert wird erst bei trockenem Wetter über zehn Grad.",),
        nothing=("Das Schild steht dort seit der Verkehrsschau zu Recht und bleibt.",),
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
        waiting=("Die Platten werden auf Asbest geprüft. Bitte halten Sie Abstand.",),
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
            "Geleert. Wir kommen dort jetzt zweimal in der Woche vorbei.",
            "Der Eimer ist ersetzt, mit größerer Klappe.",
        ),
        nothing=("Der Eimer wurde versetzt und hängt jetzt zwanzig Meter weiter.",),
    ),
    "hundekot": Answers(
        working=("Wir prüfen einen Platz für einen Beutelspender.",),
        done=("Gereinigt. Ein Beutelspender hängt jetzt am Eingang.",),
        waiting=("Über weitere Spender entscheidet der Ausschuss im nächsten Monat.",),
        nothing=("Beim Rundgang war die Fläche sauber. Wir schauen weiter regelmäßig vorbei.",),
    ),
    "graffiti": Answers(
        working=("Wir haben Anzeige erstattet. Die Reinigung ist beauftragt.",),
        done=("Entfernt und mit Schutzlack versehen.", "Die Wand ist wieder sauber."),
        nothing=("Das ist eine freigegebene Fläche der Jugendarbeit. Der Fuchs darf bleiben.",),
    ),
    "totes-tier": Answers(
        working=("Der Bauhof ist unterwegs.",),
        done=("Abgeholt. Der Chip ist ausgelesen und die Familie benachrichtigt.", "Abgeholt."),
    ),
    "bewuchs": Answers(
        working=(
            "Der Eigentümer hat zwei Wochen Zeit zum Schneiden bekommen.",
            "Der Schnitt steht für diese Woche im Plan.",
        ),
        done=(
            "Zurückgeschnitten, der Weg hat wieder seine volle Breite.",
            "Der Ast ist entfernt und das Holz gehäckselt.",
        ),
        waiting=("Im Strauch brütet eine Amsel. Wir schneiden, sobald die Jungen flügge sind.",),
        nothing=("Der Grünstreifen bleibt für Insekten stehen und wird im Herbst gemäht.",),
    ),
    "baumgefahr": Answers(
        working=("Der Bereich ist abgesperrt, ein Baumpfleger ist bestellt.",),
        done=("Der Baum ist gefällt. Im Herbst pflanzen wir eine Linde nach.",
              "Die losen Äste sind herausgeschnitten, der Baum steht sicher."),
    ),
    "spielgeraet": Answers(
        working=("Das Gerät ist gesperrt, das Ersatzteil ist bestellt.",),
        done=(
            "Repariert und geprüft. Viel Spaß beim Schaukeln.",
            "Neuer Sand ist da, und das Türchen schließt wieder.",
        ),
        waiting=("Der Platz wird im Sommer mit den Kindern neu geplant, so lange bleibt das Gerät "
                 "gesperrt.",),
    ),
    "sitzbank": Answers(
        working=("Unsere Schreinerei sägt neue Latten zu.",),
        done=("Die Bank steht wieder.", "Die Scheibe ist ersetzt, die Scherben sind gekehrt."),
        waiting=("Wir sammeln mehrere Reparaturen für einen Termin im nächsten Monat.",),
        nothing=("Die Bänke sind über den Winter eingelagert und kommen im März zurück.",),
    ),
    "gully": Answers(
        working=("Der Saugwagen ist für diese Woche bestellt.",),
        done=("Gespült, das Wasser läuft wieder ab.", "Der Rost ist ersetzt."),
        waiting=("Der Beton muss aufgefräst werden. Die Firma kommt nach den Ferien.",),
    ),
    "gewaesser": Answers(
        working=("Wir haben Proben genommen, das Ergebnis steht aus.",),
        done=("Das Treibgut ist geborgen, das Wasser fließt.", "Der Brunnen läuft wieder."),
        waiting=("Der Brunnen braucht eine neue Pumpe. Sie wird in fünf Wochen geliefert.",),
    ),
    "laerm": Answers(
        working=("Wir haben mit dem Betreiber gesprochen und messen nach.",),
        done=("Die Lüftung ist gedämmt und läuft nachts nur noch auf kleiner Stufe.",),
        nothing=("Für die Arbeiten liegt eine Genehmigung bis Ende des Monats vor.",),
    ),
    "verwahrlost": Answers(
        working=("Wir gehen den Platz mit dem Ortsbeirat durch.",),
        done=("Gründlich gereinigt, das Licht brennt wieder.",),
        waiting=("Für neue Pflanzen warten wir den Frost ab.",),
    ),
}

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
    "sitzbank": (
        ("Verkehrsverbund (Demo)", "Das Wartehäuschen gehört dem Verkehrsverbund."),
    ),
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
