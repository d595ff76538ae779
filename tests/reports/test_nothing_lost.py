"""The short form of bench/chaos.py: people at a real web process that is killed while they send."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from bench.storm.residents import Crowd, Spot, people
from config.web import listen
from reports.models import Category, Contact, Report, Submission
from tests.conftest import BENSHEIM
from townhall.models import Letter

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 60


@dataclass
class Webs:
    """Web processes on one listening socket, as the supervisor of `bin/serve` hands it on."""

    home: Path
    listener: socket.socket = field(default_factory=lambda: listen("127.0.0.1", 0))
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def start(self) -> None:
        facts = connection.settings_dict
        login = f"{quote(facts['USER'], safe='')}:{quote(facts['PASSWORD'] or '', safe='')}"
        place = f"{quote(facts['HOST'] or '', safe='')}:{facts['PORT'] or ''}"
        own = {
            "DATABASE_URL": f"postgis://{login}@{place}/{facts['NAME']}",
            "SECRET_KEY": settings.SECRET_KEY,
            "AUGENMERK_HOME": str(self.home),
            "AUGENMERK_LISTENER": str(self.listener.fileno()),
        }
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", "config.web"], cwd=settings.BASE_DIR,
                env=os.environ | own, pass_fds=[self.listener.fileno()],
            )
        )  # fmt: skip

    def kill_oldest(self) -> None:
        web = self.running.pop(0)
        web.send_signal(signal.SIGKILL)
        web.wait()

    def close(self) -> None:
        while self.running:
            self.kill_oldest()
        self.listener.close()


@pytest.fixture
def webs(tmp_path: Path) -> Iterator[Webs]:
    webs = Webs(tmp_path)
    yield webs
    webs.close()


def test_sixty_reports_survive_two_killed_web_processes(webs: Webs, pothole: Category) -> None:
    """Cut off, impatient, twice at once: each gets one number, and each number is one report."""
    for _ in range(2):
        webs.start()
    told = 0

    def on_told(_submission: object) -> None:
        nonlocal told
        told += 1
        if told == PEOPLE // 4:
            webs.start()
            webs.kill_oldest()
        elif told == PEOPLE // 2:
            webs.kill_oldest()

    luck = random.Random(7)
    spot = Spot(*BENSHEIM, "bensheim", (pothole.code,))
    crowd = Crowd(people(PEOPLE, [spot], luck, []), webs.port, luck, on_told)
    asyncio.run(asyncio.wait_for(crowd.come(per_second=1000), 60))

    assert len(webs.running) == 1
    known = {str(each.client_id): each.code for each in Submission.objects.all()}
    assert [one.told for one in crowd.submissions] == [
        {known[str(one.client_id)]} for one in crowd.submissions
    ]
    assert Report.objects.count() == len(known) == PEOPLE
    owed = sorted(one.email for one in crowd.submissions if one.email)
    assert sorted(Contact.objects.values_list("email", flat=True)) == owed
    receipts = Letter.objects.filter(kind="receipt").values_list("to", flat=True)
    assert sorted(receipts) == owed
    assert not crowd.wordless
