"""`/r/TOKEN/antwort`: where a reporter answers a question of the town hall."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.models import Report
from reports.receiving.drafts import Refused
from reports.views.remarks import knocks_of, stage_photos, uploads
from reports.views.resident import own_story
from reports.views.story import Story
from reports.voices import remarks, replying
from reports.voices.forms import RemarkForm
from reports.voices.replying import Reply
from townhall import doors
from townhall.guards import confidential, refuse_cross_site
from townhall.limits import TooMany


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def own_reply(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the question and a form. POST: the answer is taken in, then the reporter's page."""
    story = own_story(token)
    if request.method == "POST":
        return _take(request, story)
    return _show(request, story, RemarkForm.blank())


def _take(request: HttpRequest, story: Story) -> HttpResponse:
    form = RemarkForm(request.POST)
    try:
        _count(request, story)
        stage_photos(request, form)
        if not form.is_valid():
            form.client_uuid  # noqa: B018 (a page that was tampered with gets a new one)
            return _show(request, story, form, status=422)
        given = form.cleaned_data
        replying.reply(story.report, Reply(given["client_id"], given["text"], form.photo_ids))
    except TooMany as refused:
        form.complain("", doors.told(refused))
        answer = _show(request, story, form, status=429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    except Refused as refusal:
        form.refuse(refusal.errors)
        return _show(request, story, form, status=422)
    except (remarks.NotNow, remarks.Conflict):
        return _show(request, own_story(story.token), form, status=409)
    except Report.DoesNotExist:
        raise Http404 from None
    return HttpResponseRedirect(f"{story.page}?dank=antwort#dank", status=303)


def _count(request: HttpRequest, story: Story) -> None:
    came = len(uploads(request))
    more = [doors.by_client(request, "photos", cost=came)] if came else []
    doors.count(request, *knocks_of(request, story.report), *more)


def _show(
    request: HttpRequest, story: Story, form: RemarkForm, *, status: int = 200
) -> HttpResponse:
    facts = {
        "story": story,
        "report": story.report,
        "form": form,
        "label": _("Your answer"),
        "photo_label": _("Photo"),
    }
    return render(request, "reports/reply.html", facts, status=status)
