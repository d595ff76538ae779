"""Words that the demo's town halls keep ready. Good for a real town too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.models import Category, Snippet, Visibility
from reports.workflow import Status
from townhall.models import Department, Municipality

PUBLIC, REPORTER, INTERNAL = Visibility.PUBLIC, Visibility.REPORTER, Visibility.INTERNAL
TOWNS = ("bensheim", "heppenheim", "lampertheim", "viernheim")


@dataclass(frozen=True)
class Words:
    """`office`: the short name of a department, "" for what a town says."""

    title: str
    text: str
    visibility: Visibility = PUBLIC
    goal: str = ""
    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    english: str = ""
    office: str = ""


WORDS = (
    Words(
        "Danke, wir prüfen",
        "Danke für Ihre Meldung. {{amt}} sieht sich die Stelle an und meldet sich "
        "bis {{zieltermin}} mit einem Ergebnis.",
        goal=Status.IN_PROGRESS,
        statuses=(Status.NEW,),
    ),
    Words(
        "Auftrag ist vergeben",
        "Wir haben die Stelle geprüft und den Auftrag vergeben. Die Arbeiten sind "
        "bis {{zieltermin}} geplant.",
        goal=Status.IN_PROGRESS,
    ),
    Words(
        "Material ist bestellt",
        "Für die Reparatur fehlt ein Ersatzteil. Es ist bestellt; sobald es da ist, geht es "
        "weiter.",
        goal=Status.ON_HOLD,
        statuses=(Status.NEW, Status.IN_PROGRESS),
    ),
    Words(
        "Erst nach dem Winter",
        "Bei Frost hält der Asphalt nicht. Die Stelle ist gesichert; ausgebessert wird sie im "
        "Frühjahr.",
        goal=Status.ON_HOLD,
        kinds=("schlagloch", "gehwegschaden", "radwegschaden"),
    ),
    Words(
        "Erledigt, danke",
        "Der Mangel in {{ort}} ist behoben. Danke, dass Sie darauf hingewiesen haben.",
        goal=Status.DONE,
    ),
    Words(
        "Schlagloch gefüllt",
        "Das Schlagloch in {{ort}} ist verfüllt. Die Decke wird bei der nächsten Sanierung "
        "erneuert.",
        goal=Status.DONE,
        kinds=("schlagloch",),
    ),
    Words(
        "Leuchte repariert",
        "Die Leuchte in {{ort}} brennt wieder. Geht sie erneut aus, nennen Sie uns bitte die "
        "Nummer "
        "am Mast.",
        goal=Status.DONE,
        kinds=("laterne",),
    ),
    Words(
        "Leuchte: Netzbetreiber",
        "Die Leuchte in {{ort}} betreut der Netzbetreiber. Er ist verständigt und repariert "
        "Ausfälle "
        "in der Regel innerhalb von zehn Arbeitstagen.",
        goal=Status.IN_PROGRESS,
        kinds=("laterne",),
    ),
    Words(
        "Müll abgeholt",
        "Der Müll in {{ort}} ist abgeholt. Danke für den Hinweis.",
        goal=Status.DONE,
        kinds=("wilder-muell", "sperrmuell", "abfalleimer"),
    ),
    Words(
        "Müll: wir ermitteln",
        "Wir sichern vor dem Abräumen, was auf die Verursacher hinweist. Danach wird abgeholt, "
        "spätestens am {{zieltermin}}.",
        goal=Status.IN_PROGRESS,
        kinds=("wilder-muell",),
    ),
    Words(
        "Graffiti wird entfernt",
        "Die Reinigung ist beauftragt. Bis {{zieltermin}} ist die Fläche wieder sauber.",
        goal=Status.IN_PROGRESS,
        kinds=("graffiti",),
    ),
    Words(
        "Hecke: Eigentümer angeschrieben",
        "Die Hecke gehört zu einem Privatgrundstück. Wir haben den Eigentümer aufgefordert, sie "
        "zurückzuschneiden. Dafür hat er vier Wochen Zeit.",
        goal=Status.IN_PROGRESS,
        kinds=("bewuchs",),
    ),
    Words(
        "Ampel: Ursache gefunden",
        "Die Störung der Ampel in {{ort}} ist gefunden. Bis zur Reparatur gelten die Schilder.",
        goal=Status.IN_PROGRESS,
        kinds=("ampel",),
    ),
    Words(
        "Dank an die meldende Person",
        "Guten Tag {{name}},\n\ndanke für Ihre Meldung {{nummer}}. {{amt}} kümmert sich darum; Sie "
        "hören von uns bis {{zieltermin}}.\n\nFragen? Telefon {{telefon}}.",
        REPORTER,
        english="Good day {{name}},\n\nthank you for your report {{nummer}}. {{amt}} is looking "
        "after it; you will hear from us by {{zieltermin}}.\n\nQuestions? Phone {{telefon}}.",
    ),
    Words(
        "Frage: genaue Stelle",
        "Guten Tag {{name}},\n\nvor Ort haben wir nichts gefunden. Wo genau ist es, etwa bei "
        "welcher "
        "Hausnummer oder auf welcher Straßenseite? Ein Foto hilft uns sehr.",
        REPORTER,
        english="Good day {{name}},\n\nwe found nothing on the spot. Where exactly is it, for "
        "example "
        "near which house number or on which side of the road? A photo helps us a lot.",
    ),
    Words(
        "Frage: Nummer der Leuchte",
        "Guten Tag {{name}},\n\nin {{ort}} stehen mehrere Leuchten. Welche Nummer steht auf "
        "dem Schild "
        "am Mast?",
        REPORTER,
        kinds=("laterne",),
        english="Good day {{name}},\n\nthere are several lights in {{ort}}. Which number is on the "
        "plate at the pole?",
    ),
    Words(
        "Frage: besteht es noch?",
        "Guten Tag {{name}},\n\nIhre Meldung {{nummer}} kam am {{eingang}}. Besteht der "
        "Mangel noch?",
        REPORTER,
        english="Good day {{name}},\n\nyour report {{nummer}} came in on {{eingang}}. Is the "
        "defect "
        "still there?",
    ),
    Words(
        "Zuständig ist ein anderer",
        "Für diese Stelle ist nicht die Stadt zuständig. Wir haben Ihre Meldung ohne Ihre "
        "Kontaktdaten weitergegeben.",
        REPORTER,
    ),
    Words(
        "Ortstermin nötig",
        "Ortstermin in {{ort}} nötig. Bitte Fotos vom Umfeld und Maße mitbringen.",
        INTERNAL,
    ),
    Words(
        "Wiederkehrend",
        "Dritte Meldung an dieser Stelle. Bei der nächsten Begehung klären, ob die Ursache bleibt.",
        INTERNAL,
    ),
    Words(
        "Asphaltkolonne eingeplant",
        "Asphaltkolonne eingeplant, Termin {{zieltermin}}. Absperrmaterial liegt am Bauhof.",
        INTERNAL,
        kinds=("schlagloch", "gehwegschaden"),
        office="bensheim-tiefbau",
    ),
    Words(
        "Verkehrsbehörde gefragt",
        "Anordnung bei der Verkehrsbehörde beantragt. Ohne sie darf kein Schild gestellt werden.",
        INTERNAL,
        office="bensheim-tiefbau",
    ),
)


def load_snippets(
    towns: Mapping[str, Municipality],
    departments: Mapping[str, Department],
    categories: Mapping[str, Category],
) -> int:
    """Each town gets its own, so that it may change them. Returns how many."""
    made: list[tuple[Snippet, Words]] = []
    for words in WORDS:
        if words.office and words.office not in departments:
            continue
        for slug in ("",) if words.office else TOWNS:
            snippet = Snippet(
                title=words.title,
                municipality=towns[slug] if slug else None,
                department=departments[words.office] if words.office else None,
                visibility=words.visibility,
                goal=words.goal,
                statuses=list(words.statuses),
                text=words.text,
                text_en=words.english,
            )
            made.append((snippet, words))
    Snippet.objects.bulk_create(snippet for snippet, _words in made)
    kinds = Snippet.categories.through
    kinds.objects.bulk_create(
        kinds(snippet_id=snippet.pk, category_id=categories[kind].pk)
        for snippet, words in made
        for kind in words.kinds
        if kind in categories
    )
    return len(made)
