"""Real workers, a real mail server, real kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as house
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.townhall import mailserver
from tests.townhall.mailserver import MailServer
from townhall.letters import Draft, post
from townhall.models import Letter

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0  # seconds


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mailserver.running() as server:
        yield server


@pytest.fixture
def start_worker(mail: MailServer, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """A worker, as `bin/serve` runs it, on the tests' database."""
    started: list[subprocess.Popen[bytes]] = []

    def start(**environment: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / "worker.log").open("ab")
        with log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "config.worker"],
                cwd=house.BASE_DIR,
                env=os.environ | surroundings(mail) | environment,
                stdout=log,
                stderr=log,
            )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()
    assert "erika" not in (tmp_path / "worker.log").read_text()


def surroundings(mail: MailServer) -> dict[str, str]:
    facts = connection.settings_dict
    address = f"{quote(facts['USER'], safe='')}:{quote(facts['PASSWORD'] or '', safe='')}"
    place = f"{quote(facts['HOST'] or '', safe='')}:{facts['PORT'] or ''}"
    return {
        "DATABASE_URL": f"postgis://{address}@{place}/{facts['NAME']}",
        "SECRET_KEY": house.SECRET_KEY,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail.port),
        "EMAIL_USE_TLS": "0",
    }


def posted(key: str = "eins") -> Letter:
    with transaction.atomic():
        post(Draft(key, "receipt", "erika@example.org", "Ihre Meldung", "Danke.\n"))
    return Letter.objects.get(key=key)


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def state(letter: Letter) -> str:
    return Letter.objects.values_list("state", flat=True).get(pk=letter.pk)


def test_a_worker_sends_what_is_posted(start_worker: Callable[[], Any], mail: MailServer) -> None:
    start_worker()
    letter = posted()
    assert eventually(lambda: state(letter) == "sent")
    assert len(mail.letters) == 1
    assert eventually(lambda: not ProcrastinateJob.objects.filter(task_name="send_letter").exists())


def test_a_letter_survives_the_worker_that_was_killed_over_it(
    start_worker: Callable[[], Any], mail: MailServer
) -> None:
    mail.may_answer.clear()
    letter = posted()
    first = start_worker()
    assert mail.is_busy.wait(PATIENCE)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    mail.may_answer.set()
    assert state(letter) == "waiting"
    let_its_heart_be_silent()
    app.configure_task("rescue").defer(timestamp=0)  # not to wait for the clock
    start_worker()
    assert eventually(lambda: state(letter) == "sent")
    ids = {sent["Message-ID"] for sent in mail.letters}
    assert ids == {f"<{letter.id}@localhost>"}
    assert len(mail.letters) == 2  # the server recognises the second by its id


def test_a_dead_workers_job_with_a_waiting_twin_holds_nobody_up(
    start_worker: Callable[..., Any], tmp_path: Path
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '31 seconds') RETURNING id) "
            "INSERT INTO procrastinate_jobs "
            "(queue_name, task_name, queueing_lock, status, worker_id) "
            "SELECT 'default', 'read_bounces', 'read_bounces', 'doing', id FROM dead"
        )
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, scheduled_at) "
            "VALUES ('default', 'read_bounces', 'read_bounces', now() + interval '1 hour')"
        )
    app.configure_task("rescue").defer(timestamp=0)
    start_worker()
    dead = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND queueing_lock != ''"
    assert eventually(lambda: counted(dead) == 0)
    letter = posted()
    assert eventually(lambda: state(letter) == "sent")
    assert "lost its database" not in (tmp_path / "worker.log").read_text()


def let_its_heart_be_silent() -> None:
    """Half a minute later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"
        )


def test_two_workers_send_each_letter_once(
    start_worker: Callable[[], Any], mail: MailServer
) -> None:
    start_worker()
    start_worker()
    found = [posted(f"brief {n}") for n in range(12)]
    assert eventually(lambda: Letter.objects.filter(state="sent").count() == len(found))
    ids = [sent["Message-ID"] for sent in mail.letters]
    assert len(ids) == len(set(ids)) == len(found)


def test_a_worker_that_is_asked_to_stop_finishes_its_letter(
    start_worker: Callable[[], Any], mail: MailServer
) -> None:
    mail.may_answer.clear()
    letter = posted()
    worker = start_worker()
    assert mail.is_busy.wait(PATIENCE)
    worker.terminate()
    mail.may_answer.set()
    assert worker.wait(PATIENCE) == 0
    assert state(letter) == "sent"
    assert len(mail.letters) == 1


def test_letters_are_kept_where_no_mail_server_is_set(start_worker: Callable[..., Any]) -> None:
    letter = posted()
    start_worker(EMAIL_HOST="")
    assert eventually(lambda: state(letter) == "kept")


def test_a_worker_whose_connections_are_cut_goes_on_without_a_page_of_tracebacks(
    start_worker: Callable[..., Any], tmp_path: Path
) -> None:
    worker = start_worker(PGAPPNAME="worker to be cut off")
    first = posted()
    assert eventually(lambda: state(first) == "sent")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'worker to be cut off' AND datname = current_database()"
        )
    second = posted("zwei")
    assert eventually(lambda: state(second) == "sent")
    log = (tmp_path / "worker.log").read_text()
    # idle ones are replaced without a word; one that was in use is told, at most twice
    assert log.count("lost its database") <= 2
    assert "Traceback" not in log
    assert worker.poll() is None


def test_a_clock_that_was_set_back_stops_neither_the_rescue_nor_the_hourly_work(
    start_worker: Callable[..., Any],
) -> None:
    letter = posted()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp) "
            "VALUES ('rescue', extract(epoch FROM now() + interval '2 hours'))"
        )
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() + interval '2 hours') RETURNING id) "
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
        )
    start_worker()
    silent = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now()"
    planned = (
        "SELECT count(*) FROM procrastinate_periodic_defers "
        "WHERE defer_timestamp > extract(epoch FROM now()) + 60"
    )
    assert eventually(lambda: counted(silent) == counted(planned) == 0)
    assert state(letter) == "waiting"  # half a minute later the next rescue finds it


def counted(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
