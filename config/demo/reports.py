"""Three hundred reports with their lives so far.

The rows are made in bulk and leave no letters, jobs or rings. Everything but the dates hangs
on the seed; dates count back from the moment of loading and keep to the towns' working days.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from reports.models import Contact, Event, Follower, Photo, Report, Submission, Supporter
from townhall.models import Image

from .cases import make_cases
from .hands import load_hands
from .outside import load_outside
from .paper import load_paper
from .stories import Story, World, Writer
from .voices import raise_voices


def load_reports(world: World, *, seed: int) -> dict[str, int]:
    """Write all reports with what hangs on them; how many of each."""
    rng = Random(f"{seed} reports")  # noqa: S311
    cases = make_cases(rng, world.towns)
    writer = Writer(world, rng, seed)
    for case in cases:
        writer.write(case)
    stories = list(writer.stories.values())
    mains = [
        (writer.stories[id(case)].report, writer.stories[id(case.main)].report)
        for case in cases
        if case.main
    ]
    raise_voices(stories, seed=seed)
    stories.sort(key=lambda story: story.report.received_at)
    _write(stories)
    for report, main in mains:
        report.duplicate_of = main
    Report.objects.bulk_update([report for report, _ in mains], ["duplicate_of"])
    load_hands(world)
    load_outside(world)
    load_paper(world)
    return {
        "reports": len(stories),
        "events": sum(len(story.events) for story in stories),
        "photos": sum(len(story.photos) for story in stories),
        "voices": sum(len(story.supporters) for story in stories),
        "followers": sum(len(story.followers) for story in stories),
    }


def _write(stories: Sequence[Story]) -> None:
    """Eight statements (and their batches)."""
    Submission.objects.bulk_create(story.submission for story in stories)
    Report.objects.bulk_create((story.report for story in stories), batch_size=500)
    Contact.objects.bulk_create(story.contact for story in stories if story.contact)
    Image.objects.bulk_create(image for story in stories for image in story.images)
    photos = Photo.objects.bulk_create(photo for story in stories for photo in story.photos)
    for story in stories:
        for event in story.releases:
            event.facts["photos"] = [photo.pk for photo in story.photos if photo.is_released]
    events = (event for story in stories for event in story.events)
    Event.objects.bulk_create(events, batch_size=1000)
    Supporter.objects.bulk_create(voice for story in stories for voice in story.supporters)
    Follower.objects.bulk_create(each for story in stories for each in story.followers)
    for story in stories:
        for photo in story.photos:
            photo.event = story.events[0]
    Photo.objects.bulk_update(photos, ["event"])
