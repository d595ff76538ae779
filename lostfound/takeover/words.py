"""What is wrong with a table file, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lostfound.takeover.columns import LABELS
from lostfound.takeover.rows import Fault, Wrong
from lostfound.takeover.tables import Flaw

FLAWS: dict[Flaw, str | Promise] = {
    Flaw.EMPTY: gettext_lazy("The file is empty."),
    Flaw.TOO_LARGE: gettext_lazy("The file is larger than 20 MB."),
    Flaw.TOO_MANY_ROWS: gettext_lazy("The file has more than 50,000 rows. Split it."),
    Flaw.A_WORKBOOK: gettext_lazy(
        "This is a workbook. In your spreadsheet choose “Save as”, then “CSV”."
    ),
    Flaw.NO_TABLE: gettext_lazy(
        "This is no table with a head line and columns separated by semicolon, comma or tab."
    ),
}

WRONGS: dict[Wrong, str | Promise] = {
    Wrong.MISSING: gettext_lazy("is empty"),
    Wrong.TOO_LONG: gettext_lazy("is too long"),
    Wrong.NO_DAY: gettext_lazy("is no day like 02.03.2026"),
    Wrong.FUTURE: gettext_lazy("lies in the future"),
    Wrong.DAYS_OUT_OF_ORDER: gettext_lazy("does not come after the day before it"),
    Wrong.NO_AMOUNT: gettext_lazy("is no amount like 12.50 or “up to 10”"),
    Wrong.NO_ANSWER: gettext_lazy("is neither yes nor no"),
    Wrong.NO_STATE: gettext_lazy("is no state that we know: kept, ready, with the finder, gone"),
    Wrong.NO_MAIL: gettext_lazy("is no e-mail address"),
    Wrong.TWICE: gettext_lazy("stands in the file twice"),
    Wrong.TAKEN: gettext_lazy("is the number of another thing of your office"),
    Wrong.STOPPED: gettext_lazy("is never kept in a lost property office: weapon, drug, animal"),
    Wrong.NO_FINDER: gettext_lazy("is needed for what stayed with its finder"),
}


def said(fault: Fault) -> str:
    """„Zeile 12, Funddatum: ‚31.02.2026‘ ist kein Tag wie 02.03.2026.“"""
    facts = {"line": fault.line, "column": LABELS[fault.field], "wrong": WRONGS[fault.wrong]}
    if not fault.text:
        return _("Row %(line)d, %(column)s: %(wrong)s.") % facts
    facts["text"] = fault.text
    return _("Row %(line)d, %(column)s: “%(text)s” %(wrong)s.") % facts
