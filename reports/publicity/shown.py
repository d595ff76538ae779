"""What everybody sees of the reports: the map, its list and the API ask here and say the same."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from reports.desk import search
from reports.models import Report
from reports.queries import ReportQuerySet, Selection


def reports(selection: Selection) -> ReportQuerySet:
    """The public reports of a selection. Two statements more where words are looked for."""
    hits = Report.objects.public().selected(selection)
    if not selection.words:
        return hits
    words = search.words_in(selection.words)
    if not words:
        return hits.none()
    return _with(hits, words, _towns(words))


def _with(
    hits: ReportQuerySet, words: Sequence[search.Word], towns: Sequence[Sequence[int]]
) -> ReportQuerySet:
    """Those that hold every word, where everybody can read it.

    The index knows what only staff may know, too: a house number, a text that waits for review. So
    it names the newest candidates, and each of them is read again by what is public of it.
    """
    candidates, public = hits, Report.objects.all()
    for word, its_towns in zip(words, towns, strict=True):
        named = Q(category_id__in=sorted(word.categories)) | Q(municipality_id__in=its_towns)
        candidates = candidates.filter(word.condition() | named)
        public = public.filter(named | _reads(word.query))
    newest = candidates.order_by("-received_at", "-id")[: search.NEWEST]
    return public.filter(pk__in=newest.values("pk"))


# What a page shows to everybody: the place as exactly as the category allows, the readable text.
_READS = """
    to_tsvector('words_de', concat_ws(' ',
        (SELECT CASE public_place WHEN 'none' THEN NULL
                WHEN 'locality' THEN reports_report.locality
                ELSE concat_ws(' ', reports_report.street, reports_report.locality) END
         FROM reports_category WHERE id = reports_report.category_id),
        CASE WHEN reports_report.is_text_public
            THEN coalesce(nullif(reports_report.masked_text, ''), reports_report.description) END
    )) @@ %s::tsquery
"""


def _reads(query: str) -> Q:
    return Q(RawSQL(_READS, [query], output_field=BooleanField()))  # noqa: S611 - ours


def _towns(words: Sequence[search.Word]) -> list[list[int]]:
    """For each word the municipalities whose name begins like it."""
    with connection.cursor() as sql:
        sql.execute(_TOWNS, [[f"{search.escaped(word.said)}%" for word in words]])
        return [row[0] for row in sql.fetchall()]


_TOWNS = """
    SELECT ARRAY(SELECT id FROM townhall_municipality
                 WHERE unaccent(name) ILIKE unaccent(asked.pattern))
    FROM unnest(%s::text[]) WITH ORDINALITY AS asked (pattern, place) ORDER BY place
"""
