"""A report and everything that hangs on it."""

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Func, Q
from django.db.models.functions import Cast, Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.personal import masking
from reports.queries import EventQuerySet, ReportQuerySet
from reports.workflow import OPEN, Status
from townhall.live.fields import CurrentTransaction, TransactionIdField
from townhall.mailboxes import folded
from townhall.models import Department, Image, Municipality, User

from .catalogue import Category, Publication, PublicPlace


class StatusChoice(models.TextChoices):
    """Names of the states; the rules are in workflow.py."""

    NEW = Status.NEW, _("Received")
    IN_PROGRESS = Status.IN_PROGRESS, _("In progress")
    ON_HOLD = Status.ON_HOLD, _("On hold")
    DONE = Status.DONE, _("Done")
    FORWARDED = Status.FORWARDED, _("Forwarded")
    NO_ACTION = Status.NO_ACTION, _("No action")
    DUPLICATE = Status.DUPLICATE, _("Already reported")


class Priority(models.IntegerChoices):
    """What staff think of its haste. Dangers are something else: see hazards.py."""

    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class Returned(models.TextChoices):
    """Why a report lies with the town's dispatchers again."""

    REFUSED = "refused", _("Not responsible")
    UNOPENED = "unopened", _("Nobody opened it")


class Submission(models.Model):
    """One client-made UUID, one report, for ever. Outlives the erasure of its report."""

    client_id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical content")
    code = models.CharField(max_length=8)
    received_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["code"], name="submission_code")]

    def __str__(self) -> str:
        return self.code


class Report(models.Model):
    """A defect at a place. Written only by the deeds in intake.py and triage.py."""

    code = models.CharField(max_length=8, unique=True)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, choices=StatusChoice.choices, default=StatusChoice.NEW)
    is_hazard = models.BooleanField(default=False)
    source = models.CharField(max_length=12, default="web", help_text="web, api, staff, demo")
    language = models.CharField(max_length=12, default="de")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="reports")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="reports")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="reports")
    assignee = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_reports"
    )
    forwarded_to = models.CharField(max_length=120, blank=True)
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.NORMAL, db_default=2
    )
    # Since when the department has it, and when somebody there first looked: whoever that was.
    handed_at = models.DateTimeField(default=timezone.now, db_default=Now())
    opened_at = models.DateTimeField(null=True, blank=True)
    returned = models.CharField(
        max_length=8,
        choices=Returned.choices,
        blank=True,
        default="",
        db_default="",
        help_text="Waits for the town's dispatchers",
    )
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )

    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts"
    )

    position = models.PointField(srid=4326)
    street = models.CharField(max_length=160, blank=True)
    house_number = models.CharField(max_length=12, blank=True, help_text=_("Staff only"))
    locality = models.CharField(max_length=120, blank=True)
    # What the public may know of the place; null where the category says "not at all".
    public_position = models.PointField(srid=4326, null=True, blank=True)

    description = models.TextField(blank=True)
    # What everybody reads instead, where something in it is hidden; "": nothing is.
    masked_text = models.TextField(blank=True, default="", db_default="")
    answers = models.JSONField(default=dict, blank=True)
    routing = models.JSONField(default=dict, help_text="Why this department: see routing.py")

    publication = models.CharField(max_length=20, choices=Publication.choices)
    is_public = models.BooleanField(default=False)
    is_text_public = models.BooleanField(default=False)
    is_text_reviewed = models.BooleanField(
        default=False, db_default=False, help_text="Staff have read what the public reads"
    )
    is_sealed = models.BooleanField(
        default=False, db_default=False, help_text="Text and photos are evidence (evidence.py)"
    )
    capability_digest = models.CharField(max_length=64, unique=True)
    capability_expires_at = models.DateTimeField()

    received_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="Last change that the public may see")
    closed_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    resubmit_on = models.DateField(
        null=True, blank=True, help_text="Wiedervorlage: on this day it comes back to who has it"
    )
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="The reporter was asked something and has not answered"
    )
    replied_at = models.DateTimeField(
        null=True, blank=True, help_text="They did, and no staff have seen to it since"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    depublish_after_days = models.PositiveSmallIntegerField(default=90)
    depublish_on = models.DateField(null=True, blank=True)
    erase_contact_on = models.DateField(null=True, blank=True)
    erase_on = models.DateField(null=True, blank=True)
    erasure_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="The reporter wants their data erased"
    )

    objects: ClassVar = ReportQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["municipality", "status", "-received_at"], name="report_town"),
            models.Index(fields=["department", "status", "-received_at"], name="report_dept"),
            models.Index(fields=["-received_at", "-id"], name="report_newest"),
            models.Index(
                fields=["municipality", "-received_at", "-id"],
                condition=~Q(returned=""),
                name="report_returned",
            ),
            models.Index(
                fields=["municipality", "handed_at"],
                condition=Q(status=Status.NEW, opened_at=None, returned=""),
                name="report_unopened",
            ),
            models.Index(fields=["municipality", "-received_at", "-id"], name="report_town_newest"),
            models.Index(
                fields=["-changed_at", "code"], condition=Q(is_public=True), name="report_public"
            ),
            # The orders of the desk, and the Ortsteile that it offers (migration 0031).
            models.Index(fields=["-changed_at", "-id"], name="report_changed"),
            models.Index(
                fields=["due_on", "id"], condition=Q(status__in=sorted(OPEN)), name="report_due"
            ),
            models.Index(
                fields=["-priority", "received_at", "id"],
                condition=Q(status__in=sorted(OPEN)),
                name="report_haste",
            ),
            models.Index(
                fields=["municipality", "locality", "-received_at", "-id"], name="report_locality"
            ),
            # The map from near: open reports by place, closed ones by month and place. The
            # functions are those of migration 0008; docs/adr/0008-map-pyramid.md.
            models.Index(
                Func("public_position", function="reports_spot"),
                condition=Q(is_public=True, status__in=sorted(OPEN)),
                name="report_spot_open",
            ),
            models.Index(
                Func("changed_at", function="reports_month"),
                Func("public_position", function="reports_spot"),
                condition=Q(is_public=True) & ~Q(status__in=sorted(OPEN)),
                name="report_spot_closed",
            ),
            models.Index(
                fields=["resubmit_on"],
                condition=Q(resubmit_on__isnull=False),
                name="report_resubmit",
            ),
            models.Index(
                fields=["waiting_since"],
                condition=Q(waiting_since__isnull=False),
                name="report_waiting",
            ),
            models.Index(
                fields=["replied_at"], condition=Q(replied_at__isnull=False), name="report_replied"
            ),
            # What was reported already: by kind and metres, and only of what everybody may know.
            GistIndex(
                F("category"),
                Cast("public_position", models.PointField(geography=True)),
                condition=Q(is_public=True),
                name="report_near",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=StatusChoice.values), name="report_status_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(status__in=sorted(OPEN)),
                name="report_open_has_no_end",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        """`7K3F-9QMX`, as people read it out."""
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def title(self) -> str:
        """For staff and the reporter: „Schlagloch, Lindenweg 4“."""
        address = " ".join(filter(None, [self.street, self.house_number]))
        return ", ".join(filter(None, [self.category.label, address or self.locality]))

    @property
    def whole_place(self) -> str:
        """For staff, and whom they ask: „Lindenweg 4, Auerbach, Bensheim“."""
        address = " ".join(filter(None, [self.street, self.house_number]))
        return ", ".join(filter(None, [address, self.locality, self.municipality.name]))

    @property
    def public_place(self) -> str:
        """The place in words, as exactly as the category allows; never the house number."""
        match PublicPlace(self.category.public_place):
            case PublicPlace.NONE:
                return ""
            case PublicPlace.LOCALITY:
                return self.locality
        return self.street or self.locality

    @property
    def public_title(self) -> str:
        """„Schlagloch, Lindenweg“."""
        return ", ".join(filter(None, [self.category.label, self.public_place]))

    def describe(self, text: str) -> None:
        """Take over the resident's words, and hide what tells a person until staff have read it."""
        self.description = text
        self.hide_all_but(masking.public_text(text))
        self.is_text_reviewed = False

    def hide_all_but(self, text: str) -> None:
        """Let the public read this text instead of what was sent."""
        self.masked_text = "" if text == self.description else text

    @property
    def readable_text(self) -> str:
        """What the public reads, or would read if the text were public."""
        return self.masked_text or self.description

    @property
    def public_description(self) -> str:
        return self.readable_text if self.is_text_public else ""

    @property
    def waits_for_eyes(self) -> bool:
        """Something is hidden by rule, and nobody has looked yet whether rightly."""
        return bool(self.masked_text) and not self.is_text_reviewed

    @property
    def is_open(self) -> bool:
        return Status(self.status) in OPEN


class Contact(models.Model):
    """How to reach the reporter. Never public, in no list, log or live message.

    Any of e-mail, name, phone and postal address will do. Only an e-mail address can be confirmed;
    without one there is nothing to confirm. Who left no e-mail but a postal address gets paper.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    postal_address = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Lines of the window, without the name"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirm_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    confirm_expires_at = models.DateTimeField(null=True, blank=True)
    confirm_round = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often a new link was asked for"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    name_is_public = models.BooleanField(
        default=False, db_default=False, help_text="As soon as the address is confirmed"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(folded(), condition=~Q(email=""), name="contact_mailbox"),
            models.Index(
                fields=["confirm_expires_at"],
                condition=Q(confirmed_at=None, reminded_at=None) & ~Q(email=""),
                name="contact_unconfirmed",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="contact_says_something",
                condition=~models.Q(email="", name="", phone="", postal_address=""),
            ),
            models.CheckConstraint(
                name="contact_confirms_an_email",
                condition=models.Q(
                    email="",
                    confirmed_at=None,
                    confirm_digest=None,
                    confirm_expires_at=None,
                )
                | (
                    ~models.Q(email="")
                    & models.Q(confirm_digest__isnull=False, confirm_expires_at__isnull=False)
                ),
            ),
        ]

    def is_past_confirming(self, now: dt.datetime) -> bool:
        """Whether the link in the letter has run out before anybody pressed the button."""
        until = self.confirm_expires_at
        return self.confirmed_at is None and (until is None or until <= now)

    def __str__(self) -> str:
        return f"contact of {self.report_id}"


class EventKind(models.TextChoices):
    RECEIVED = "received", _("Received")
    ROUTED = "routed", _("Routed")
    ACCEPTED = "accepted", _("Accepted")
    ASSIGNED = "assigned", _("Assigned")
    STATUS = "status", _("Status changed")
    FORWARDED = "forwarded", _("Forwarded")
    NOTE = "note", _("Note")
    ANSWERED = "answered", _("Answered")
    ASKED = "asked", _("Question to the reporter")
    ASKED_AGAIN = "asked_again", _("Reminded of the question")
    REPLIED = "replied", _("Reply to the question")
    ASK_ENDED = "ask_ended", _("Question settled without a reply")
    PUBLISHED = "published", _("Published")
    DEPUBLISHED = "depublished", _("Taken out of public view")
    HAZARD = "hazard", _("Marked as hazard")
    HAZARD_ALARM = "hazard_alarm", _("Alarm sent")
    HAZARD_CALLED = "hazard_called", _("Standby called")
    HAZARD_NOBODY = "hazard_nobody", _("Nobody answered the alarm")
    HAZARD_SEEN = "hazard_seen", _("Hazard seen")
    HAZARD_TAKEN = "hazard_taken", _("Alarm acknowledged")
    HAZARD_SECURED = "hazard_secured", _("Place secured")
    CONFIRMED = "confirmed", _("Address confirmed")
    UNVEILED = "unveiled", _("Contact shown")
    UNSUBSCRIBED = "unsubscribed", _("Wants no more letters")
    RESUBSCRIBED = "resubscribed", _("Wants letters again")
    UNREACHABLE = "unreachable", _("E-mail address does not exist")
    SENT_AGAIN = "sent_again", _("Letter sent again")
    REMINDED = "reminded", _("Reminded to confirm the address")
    CHANGED = "changed", _("Changed by the reporter")
    WITHDRAWN = "withdrawn", _("Withdrawn by the reporter")
    ERASURE_ASKED = "erasure_asked", _("The reporter had their data erased")
    SUPPORTED = "supported", _("It concerns somebody else, too")
    UNSUPPORTED = "unsupported", _("Somebody takes their voice back")
    WORSE = "worse", _("It has got worse")
    FOLLOWED = "followed", _("Somebody follows")
    UNFOLLOWED = "unfollowed", _("Somebody follows no longer")
    REDACTED = "redacted", _("Photo pixelated")
    MERGED = "merged", _("Another report was joined with this one")
    MORE_SENT = "more_sent", _("A resident sent something to add")
    MORE = "more", _("Something was added")
    MORE_REFUSED = "more_refused", _("What a resident sent is not shown")
    FIXED = "fixed", _("A resident says: it is fixed")
    NOT_FIXED = "not_fixed", _("A resident says: it is not fixed")
    PROBLEM = "problem", _("A resident has a problem with the report")
    PROBLEM_CLOSED = "problem_closed", _("Problem with the report settled")
    UNDONE = "undone", _("Taken back")
    PRIORITY = "priority", _("Priority changed")
    DEADLINE = "deadline", _("Target date changed")
    REFUSED = "refused", _("Responsibility refused")
    UNOPENED = "unopened", _("Nobody opened it in time")
    SEPARATED = "separated", _("On its own again")
    SHARED = "shared", _("Another department was asked to help")
    SHARE_ENDED = "share_ended", _("Another department has done its part")
    SPLIT = "split", _("Divided into two reports")
    TAKEN_IN = "taken_in", _("Taken in at the town hall")
    LETTER_PRINTED = "letter_printed", _("Letter printed")
    CREW_LISTED = "crew_listed", _("Put on a day list")
    CREW_OFF = "crew_off", _("Taken off a day list")
    CREW_DONE = "crew_done", _("Done, says the crew")
    CREW_NOT_FOUND = "crew_not_found", _("Not found by the crew")
    CREW_OTHER = "crew_other", _("The crew found another problem")
    TASK_GIVEN = "task_given", _("Task given to somebody outside")
    TASK_OPENED = "task_opened", _("Task opened")
    TASK_SAID = "task_said", _("Message about a task")
    TASK_DONE = "task_done", _("Task done, they say")
    TASK_REFUSED = "task_refused", _("Task refused")
    TASK_RENEWED = "task_renewed", _("New link to a task sent")
    TASK_ENDED = "task_ended", _("Task ended")
    RESUBMITTED = "resubmitted", _("Wiedervorlage set")
    CORRECTED = "corrected", _("Place or category put right")
    INCIDENT = "incident", _("Joined with a collective incident")
    SEALED = "sealed", _("Sealed as evidence")
    SEAL_USED = "seal_used", _("Sealed evidence used")
    UNSEALED = "unsealed", _("Seal lifted")
    REVIEWED = "reviewed", _("Checked, nothing is shown")
    TEXT_RESTORED = "text_restored", _("Back to an earlier public text")


def event_kinds() -> Sequence[tuple[str, str | Promise]]:
    """By name, so that a new one needs no migration."""
    return EventKind.choices


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public")
    REPORTER = "reporter", _("Reporter only")
    INTERNAL = "internal", _("Internal")


class Event(models.Model):
    """One fact in a report's life, appended by a deed and never changed.

    `xid` is the writing transaction: with the cursor of a page it tells what that page missed
    (townhall/live). `tiles` are the z12 tiles in which the public saw a change, `was_public`
    whether a page can hold the report from before.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=14, choices=event_kinds)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    status = models.CharField(max_length=12, choices=StatusChoice.choices, blank=True)
    text = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)
    was_public = models.BooleanField(default=False)
    tiles = models.JSONField(default=list, blank=True, help_text='["12/2145/1391"]')
    xid = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    objects: ClassVar = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["xid"], name="event_xid")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Photo(models.Model):
    """An image's place in a case. It is public only when the report is and staff released it.

    `remark`: the resident's remark it came with; those of the report itself have none.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="photos")
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="photos"
    )
    remark = models.ForeignKey(
        "Remark", null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    image = models.OneToOneField(Image, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    is_released = models.BooleanField(default=False)
    is_reviewed = models.BooleanField(
        default=False, db_default=False, help_text="Staff have decided on it"
    )

    class Meta:
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [
            models.Index(
                fields=["report"],
                condition=Q(is_released=False, is_reviewed=False, remark=None),
                name="photo_unreviewed",
            )
        ]

    def __str__(self) -> str:
        return f"photo {self.position} of {self.report_id}"
