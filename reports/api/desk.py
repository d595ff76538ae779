"""`/api/v1/desk/`: what staff do, for programs that act on behalf of somebody signed in.

A session, a CSRF token, and the same deeds as the pages'. Each deed names in `If-Match` the version
that was seen; whoever was overtaken gets 412 with what is true now, and nothing has changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from frontend.problems import problem
from reports.api import deeds
from reports.api.case import CaseAnswer, case_json
from reports.api.errors import NoVersion, Unprocessable
from reports.api.serializers import OF_A_ROW, row_json
from reports.api.shapes import DeskPage
from reports.deeds import triage, work
from reports.deeds.remembering import as_one
from reports.desk.case import Case, case_of
from reports.desk.lists import FIRST, VIEWS
from reports.desk.rows import page_of
from reports.desk.shelf import shelf_of
from reports.desk.sorting import SORTS
from reports.desk.wish import Wish
from reports.models import Report, StatusChoice
from reports.workflow import IllegalMove, ReasonMissing
from townhall.api.errors import in_measure
from townhall.api.parsers import BoundedJSONParser
from townhall.codes import normalise
from townhall.crossings import NotWanted
from townhall.doors import count
from townhall.limits import Knock
from townhall.models import User
from townhall.people import scope_of

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of what was seen, such as "3"; * for whatever is there',
)
_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class StaffSession(SessionAuthentication):
    """Says 401, not 403, to whoever is not signed in (any more)."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description names it. The library finds this class by itself."""

    target_class = StaffSession
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class IsStaff(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.is_authenticated and scope_of(request.user).is_staff


class DeskView(APIView):
    authentication_classes = (StaffSession,)
    permission_classes = (IsStaff,)
    parser_classes = (BoundedJSONParser,)

    def doer(self, request: Request) -> User:
        """Who is about to do something; it counts. Raises TooFast."""
        user = request.user
        assert isinstance(user, User)
        with in_measure():
            count(request, Knock("deeds", str(user.pk)))
        return user

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        patch_cache_control(response, private=True, no_store=True)
        return super().finalize_response(request, response, *args, **kwargs)


class CasesView(DeskView):
    """The desk's list: the views, filters and search of its page."""

    @extend_schema(
        summary="Reports in your care, 50 at a time",
        operation_id="desk_reports",
        parameters=[
            OpenApiParameter(
                "view", str, enum=list(VIEWS), description="As on the page; eingang if not said"
            ),
            OpenApiParameter("status", str, enum=StatusChoice.values),
            OpenApiParameter("category", str, description="Code of a category"),
            OpenApiParameter(
                "q", str, description="Words, the best come first, and filters as on the page"
            ),
            OpenApiParameter(
                "saved", int, description="`id` of a saved view, which says all but `after`"
            ),
            OpenApiParameter("sort", str, enum=list(SORTS)),
            OpenApiParameter("after", str, description="`next` of the page before"),
        ],
        responses={
            200: DeskPage,
            304: OpenApiResponse(description="As it was when you got the ETag of If-None-Match"),
            401: OpenApiResponse(description="Nobody is signed in"),
            403: OpenApiResponse(description="You do not work here"),
        },
    )
    def get(self, request: Request) -> Response:
        assert isinstance(request.user, User)
        today = timezone.localdate()
        wish = _wish(request.query_params, request.user, today)
        page = page_of(wish, request.user, today=today, more=OF_A_ROW)
        rows = [row_json(row) for row in page.rows]
        after = page.next.after if page.next else None
        return _unless_known(request, {"results": rows, "next": after, "cut": page.is_cut})


def _unless_known(request: Request, answer: dict[str, Any]) -> Response:
    """With an ETag of what it says; 304 to whoever has that. No cache may keep it for them."""
    tag = f'"{hashlib.sha256(json.dumps(answer).encode()).hexdigest()[:20]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if tag in (each.removeprefix("W/") for each in known):
        return Response(status=304, headers={"ETag": tag})
    return Response(answer, headers={"ETag": tag})


def _wish(query: Mapping[str, str], user: User, today: dt.date) -> Wish:
    """A program that is wrong about a filter must not read on as if it were right."""
    if "saved" in query:
        return _page_at(_saved(query, user), query.get("after", ""))
    view = query.get("view") or FIRST.slug
    fields = {
        "ansicht": view,
        "status": query.get("status", ""),
        "kategorie": query.get("category", ""),
        "sort": query.get("sort", ""),
        "q": query.get("q", ""),
    }
    wish = Wish.parse(fields)
    if view != wish.view.slug:
        raise ValidationError({"view": [_("There is no such value for this filter.")]})
    for trouble in wish.troubles(user, today=today):
        name = trouble.typed.partition(":")[0]
        raise ValidationError({name if name in fields else "q": [trouble.sentence]})
    return _page_at(wish, query.get("after", ""))


def _page_at(wish: Wish, after: str) -> Wish:
    wish = Wish.of(replace(wish, after=after).query)
    if wish.is_lost:
        raise ValidationError({"after": [_("Use the value of “next” from the page before.")]})
    return wish


def _saved(query: Mapping[str, str], user: User) -> Wish:
    """One's own, or shared with one's department."""
    if set(query) & {"view", "status", "category", "q", "sort"}:
        sentence = _("A saved view says all of this. Leave the other filters out.")
        raise ValidationError({"saved": [sentence]})
    found = next((each for each in shelf_of(user).saved if str(each.pk) == query["saved"]), None)
    if found is None:
        raise ValidationError({"saved": [_("There is no such saved view.")]})
    return Wish.of(found.asks).first_page


class CaseView(DeskView):
    """One report in your care."""

    @extend_schema(
        summary="A report in your care",
        operation_id="desk_report",
        responses={
            200: CaseAnswer,
            401: OpenApiResponse(description="Nobody is signed in"),
            403: OpenApiResponse(description="You do not work here"),
        },
    )
    def get(self, request: Request, code: str) -> Response:
        return _shown(case_at(request, code))


@dataclass(frozen=True)
class Wanted:
    """Versions that If-Match names; None: whatever is there."""

    versions: frozenset[int] | None

    @classmethod
    def of(cls, request: Request) -> Wanted:
        """Raises NoVersion (428) and ValidationError (400)."""
        said = request.headers.get("If-Match", "").strip()
        if not said:
            raise NoVersion
        if said == "*":
            return cls(None)
        tags = [_TAG.fullmatch(tag.strip()) for tag in said.split(",")]
        if not all(tags):
            raise ValidationError({"If-Match": [_('Give the ETag of the report, such as "3".')]})
        return cls(frozenset(int(tag[1]) for tag in tags if tag))

    def fits(self, report: Report) -> bool:
        return self.versions is None or report.version in self.versions


class DeedSchema(AutoSchema):
    """Describes a deed as its table does."""

    view: Any

    def get_operation_id(self) -> str:
        undoes = "_undo" if self.method == "DELETE" else ""
        return f"desk_{self.view.deed.name.replace('-', '_')}{undoes}"

    def get_summary(self) -> str:
        return str(self.view.deed.summary)

    def get_description(self) -> str:  # type: ignore[override]  # as the library calls it
        return "Needs a session and its CSRF token (`X-CSRFToken`)."

    def get_override_parameters(self) -> list[Any]:
        return [IF_MATCH]

    def get_request_serializer(self) -> Any:
        return None if self.method == "DELETE" else self.view.deed.shape

    def get_response_serializers(self) -> Any:
        return {
            200: CaseAnswer,
            204: OpenApiResponse(description="Done; the report is no longer in your care"),
            401: OpenApiResponse(description="Nobody is signed in"),
            403: OpenApiResponse(description="Your roles do not allow this, or no CSRF token"),
            409: OpenApiResponse(description="Not possible from its status; `report` tells it"),
            412: OpenApiResponse(description="Somebody was faster; `report` is what is true now"),
            422: OpenApiResponse(description="A reason or a goal is missing"),
            428: OpenApiResponse(description="If-Match is missing"),
        }


class DeedView(DeskView):
    """A deed as a thing: POST does it, in one transaction with the look at the version."""

    schema = DeedSchema()
    deed: deeds.Deed = deeds.DEEDS[0]  # each address says its own: as_view(deed=…)

    def post(self, request: Request, code: str, **part: Any) -> Any:
        return self.do(request, code, self.deed.shape, self.deed.act, part)

    def do(
        self,
        request: Request,
        code: str,
        shape: type[Serializer[Any]],
        act: Callable[[Report, User, Mapping[str, Any]], object],
        part: Mapping[str, Any],
    ) -> Any:
        """`part`: what of the report the address names."""
        wanted = Wanted.of(request)
        user = self.doer(request)
        case = case_at(request, code)
        given = shape(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            with transaction.atomic(), as_one():
                row = Report.objects.locked().get(pk=case.report.pk)
                if not wanted.fits(row):
                    return _overtaken(request, code)
                act(row, user, {**given.validated_data, **part})
        except Report.DoesNotExist:  # erased between our look and the lock
            raise Http404 from None
        except work.NotAllowed:
            raise PermissionDenied from None
        except (IllegalMove, work.TooLate):
            return _in_conflict(request, code)
        except ReasonMissing:
            raise Unprocessable({"text": [_("Write down why. The reporter reads it.")]}) from None
        except NotWanted:
            sentence = _("The lost property office does not take this. Nothing changed.")
            raise Unprocessable({"": [sentence]}) from None
        except triage.Nowhere:
            sentence = _("Choose a department that works for this town, or name somebody outside.")
            raise Unprocessable({"department": [sentence]}) from None
        return _after(request, code)


class UndoableDeedView(DeedView):
    def delete(self, request: Request, code: str) -> Any:
        assert self.deed.undo
        return self.do(request, code, deeds.Nothing, self.deed.undo, {})


# ── Answers ──────────────────────────────────────────────────────────────────────────────────
def case_at(request: Request, code: str) -> Case:
    """404 for others' and for nonsense."""
    known = normalise(code)
    if known is None or not isinstance(request.user, User):
        raise Http404
    try:
        return case_of(known, request.user, today=timezone.localdate())
    except Report.DoesNotExist:
        raise Http404 from None


def _shown(case: Case) -> Response:
    return Response(case_json(case), headers={"ETag": f'"{case.report.version}"'})


def _after(request: Request, code: str) -> Response:
    try:
        return _shown(case_at(request, code))
    except Http404:
        return Response(status=204)


def _overtaken(request: Request, code: str) -> Any:
    detail = _("Somebody changed this report since you saw it. Nothing has been done.")
    return _problem(request, code, 412, str(detail))


def _in_conflict(request: Request, code: str) -> Any:
    return _problem(request, code, 409, str(_("This is not possible from the present status.")))


def _problem(request: Request, code: str, status: int, detail: str) -> Any:
    case = case_at(request, code)
    answer = problem(status, detail=detail, report=case_json(case))
    answer["ETag"] = f'"{case.report.version}"'
    return answer
