"""`/api/v1/`: the public door to reports. No session, no cookie, no CSRF token."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geo.boxes import BadBox, Box
from geo.positions import PositionQuery
from reports.api.errors import Blocked, Conflicting, Erased, Gone, refuse_cross_site
from reports.api.serializers import (
    FormSubmission,
    SubmissionSerializer,
    blocked_json,
    entry_json,
    receipt_json,
    report_json,
)
from reports.api.shapes import OfferedCategory, OneReport, ReceiptAnswer, ReportsPage
from reports.catalogue import offered as catalogue
from reports.models import Photo, Report
from reports.publicity import gone, shown
from reports.queries import BadSelection, ReportQuerySet, Selection
from reports.receiving import intake
from townhall import photos
from townhall.api.errors import in_measure
from townhall.api.parsers import BoundedJSONParser
from townhall.codes import normalise
from townhall.doors import by_client, by_mailbox, count
from townhall.people import municipality_at

PAGE = 50
MAX_PAGE = 200


class ReportsView(APIView):
    """All public reports, and the door to hand one in."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser, MultiPartParser)

    @extend_schema(
        summary="Hand in a report, exactly once per client_id",
        operation_id="reports_create",
        request={
            "application/json": SubmissionSerializer,
            "multipart/form-data": FormSubmission,
        },
        responses={
            201: OpenApiResponse(ReceiptAnswer, description="Taken in; the reporter's answer"),
            200: OpenApiResponse(ReceiptAnswer, description="The same again; its current state"),
            403: OpenApiResponse(description="Sent by another website's page"),
            409: OpenApiResponse(description="The client_id was used for other content"),
            410: OpenApiResponse(description="The report of this client_id was erased"),
            422: OpenApiResponse(description="Not to be reported: `blocked` says whom to call"),
        },
    )
    def post(self, request: Request) -> Response:
        refuse_cross_site(request)
        receipt = _submit(request)
        pictures = Photo.objects.filter(report=receipt.report, remark=None).order_by("position")
        code = status.HTTP_201_CREATED if receipt.is_new else status.HTTP_200_OK
        answer = Response(receipt_json(receipt, list(pictures)), status=code)
        patch_cache_control(answer, no_store=True)
        return answer

    @extend_schema(
        summary="Public reports, newest change first",
        operation_id="reports_list",
        parameters=[
            OpenApiParameter("bbox", str, description="west,south,east,north in degrees"),
            OpenApiParameter("group", str),
            OpenApiParameter("category", str),
            OpenApiParameter("municipality", str, description="Eight-digit AGS, several by comma"),
            OpenApiParameter("status", str, description="Codes by comma, or open, current, all"),
            OpenApiParameter("period", int, description="Changed in the last so many months"),
            OpenApiParameter("locality", str, description="Name of an Ortsteil"),
            OpenApiParameter("photo", str, enum=["1"], description="Only with a public photo"),
            OpenApiParameter("words", str, description="Words in what is public"),
            OpenApiParameter("after", str, description="`next` of the page before"),
            OpenApiParameter("limit", int),
        ],
        responses=ReportsPage,
    )
    def get(self, request: Request) -> Response:
        query = request.query_params
        limit = _limit(query.get("limit", ""))
        hits = _filtered(query).with_faces().order_by("-changed_at", "code")
        if query.get("after"):
            hits = hits.filter(_after(query["after"]))
        rows = list(hits[: limit + 1])
        more = _mark(rows[limit - 1]) if len(rows) > limit else None
        answer = Response({"results": [report_json(row) for row in rows[:limit]], "next": more})
        return _revalidated(answer)


def _submit(request: Request) -> intake.Receipt:
    shape = SubmissionSerializer(data=_fields(request))
    shape.is_valid(raise_exception=True)
    uploads = _uploads(request, shape.validated_data["client_id"])
    draft = shape.draft(language=get_language() or "de", source="api", uploads=tuple(uploads))
    _count(request, email=draft.email, photos=len(uploads))
    try:
        if uploads:
            intake.preview(draft)  # refuse before the work of opening photos
            _stage(uploads)
        return intake.submit(draft)
    except intake.Blocked as refusal:
        raise Blocked(refusal.notice.sentence, blocked=blocked_json(refusal.notice)) from None
    except intake.Refused as refusal:
        raise ValidationError(dict(refusal.errors)) from None
    except intake.Conflict:
        raise Conflicting from None
    except intake.Erased:
        raise Erased from None


def _count(request: Request, *, email: str, photos: int) -> None:
    """A form may bring photos: they count as at their own door."""
    knocks = [by_client(request, "reports")]
    knocks += [by_client(request, "photos", cost=photos)] if photos else []
    knocks += [by_mailbox(email)] if email else []
    with in_measure():
        count(request, *knocks)


def _fields(request: Request) -> Any:
    """The body's fields; in a form `photos` may be repeated and empty ones count as absent."""
    if not isinstance(request.data, dict) or not hasattr(request.data, "getlist"):
        return request.data
    fields: dict[str, Any] = {
        name: value for name, value in request.data.items() if isinstance(value, str) and value
    }
    if "photos" in fields:
        fields["photos"] = [each for each in request.data.getlist("photos") if each]
    return fields


def _uploads(request: Request, client_id: uuid.UUID) -> dict[uuid.UUID, Any]:
    """The photos inside the form. Their ids follow from content, so a repeat finds them."""
    files = request.FILES.getlist("photo") if hasattr(request.FILES, "getlist") else []
    if len(files) > photos.MAX_PHOTOS:
        raise ValidationError({"photo": [_("Please choose at most 5 photos.")]})
    uploads = {}
    for file in files:
        content = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        uploads[uuid.uuid5(client_id, content)] = file
    return uploads


def _stage(uploads: Mapping[uuid.UUID, Any]) -> None:
    deadline = photos.patience()
    for image_id, file in uploads.items():
        try:
            photos.stage(image_id, file, deadline=deadline)
        except photos.PhotoRefused as refusal:
            words = photos.refusal_words(refusal.reason)
            raise ValidationError({"photo": [f"{file.name}: {words}"]}) from None


def _filtered(query: Any) -> ReportQuerySet:
    try:
        hits = shown.reports(Selection.parse(query))
        if query.get("bbox"):
            hits = hits.inside(Box.parse(query["bbox"]))
    except BadBox:
        raise ValidationError(
            {"bbox": [_("Give west,south,east,north in degrees, such as 8.5,49.6,8.7,49.7.")]}
        ) from None
    except BadSelection as bad:
        raise ValidationError({bad.name: [_("There is no such value for this filter.")]}) from None
    return hits


def _revalidated(answer: Response) -> Response:
    """Kept by whoever likes, asked for again each time: ConditionalGetMiddleware tags it."""
    patch_cache_control(answer, public=True, no_cache=True)
    return answer


def _limit(text: str) -> int:
    if not text:
        return PAGE
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_PAGE):
        raise ValidationError({"limit": [_("Choose a number from 1 to 200.")]})
    return int(text)


def _mark(report: Report) -> str:
    return f"{report.changed_at.isoformat()}~{report.code}"


def _after(mark: str) -> Q:
    """Everything behind the row that the mark names."""
    moment, _sign, code = mark.replace(" ", "+").partition("~")
    try:
        at = parse_datetime(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or normalise(code) is None:
        raise ValidationError({"after": [_("Use the value of “next” from the page before.")]})
    return Q(changed_at__lt=at) | Q(changed_at=at, code__gt=code)


class ReportView(APIView):
    """One public report."""

    authentication_classes = ()

    @extend_schema(
        summary="One public report",
        operation_id="reports_detail",
        responses={
            200: OneReport,
            410: OpenApiResponse(description="It was public once, and is no longer"),
        },
    )
    def get(self, request: Request, code: str) -> Response:
        hits = Report.objects.with_faces().select_related("duplicate_of")
        report = hits.filter(code=normalise(code) or "").first()
        if report is None:
            raise Http404
        if not report.is_public:
            raise Gone if gone.because(report) else Http404
        return _revalidated(Response(report_json(report) | {"duplicate_of": _main_code(report)}))


def _main_code(report: Report) -> str | None:
    """Of the report that this one was joined with, if the public may see it."""
    main = report.duplicate_of
    return main.code if main and main.is_public else None


class CategoriesView(APIView):
    """What can be reported at a place, with the questions that go with it."""

    authentication_classes = ()

    @extend_schema(
        summary="Categories offered at a place; without a place, all of them",
        parameters=[OpenApiParameter("lat", float), OpenApiParameter("lon", float)],
        operation_id="categories_list",
        responses=OfferedCategory(many=True),
    )
    def get(self, request: Request) -> Response:
        query = request.query_params
        town = None
        if "lat" in query or "lon" in query:
            place = PositionQuery(data=query)
            place.is_valid(raise_exception=True)
            found = municipality_at(place.point_of(place.validated_data))
            if found is None or found.municipality is None:
                return _revalidated(Response([]))
            town = found.municipality
        groups = catalogue.offered_at(town)
        entries = [entry_json(entry) for group in groups for entry in group.entries]
        return _revalidated(Response(entries))
