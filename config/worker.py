"""The worker process: `python -m config.worker`. Letters and all else that may wait, as jobs."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("AUGENMERK_DIRECT", "1")  # it listens, and holds locks while it sends
django.setup()

from django.db import InterfaceError, OperationalError  # noqa: E402  Django must be ready
from procrastinate import App  # noqa: E402
from procrastinate.contrib.django import app  # noqa: E402
from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: E402
from procrastinate.exceptions import ConnectorException, UniqueViolation  # noqa: E402
from procrastinate.manager import JobManager  # noqa: E402
from psycopg.errors import RaiseException  # noqa: E402
from psycopg_pool import PoolTimeout  # noqa: E402

from . import notify  # noqa: E402

LONGEST_PAUSE_S = 30
STEADY_S = 60  # a turn that went well for so long makes the next pause short again
JUMP_S = 30  # a clock that is slewed never gains so much within LOOK_S
LOOK_S = 2


class DatabaseLost(Exception):
    """The turn ended and nobody asked for it."""


OUTAGE = (ConnectorException, PoolTimeout, DatabaseLost, OperationalError, InterfaceError)
# Loggers: filters are not inherited.
NOTICING = ("asyncio", "procrastinate.utils", "procrastinate.worker", "procrastinate.worker.worker")


class WithoutOutages(logging.Filter):
    """A lost database is said once, by `work`, and not by all that notice it with a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], OUTAGE))


class Ledger(JobManager):
    """Notices when what became of a job could not be written down.

    procrastinate goes on then, and the job would stay "doing" under a living worker, where nobody
    rescues it: see townhall/tasks.py.
    """

    def __init__(self, connector: Any) -> None:
        super().__init__(connector)
        self.is_torn = asyncio.Event()

    async def finish_job(self, *args: Any, **more: Any) -> None:
        await self._write(super().finish_job, *args, **more)

    async def retry_job(self, *args: Any, **more: Any) -> None:
        await self._write(super().retry_job, *args, **more)

    async def _write(self, how: Callable[..., Any], *args: Any, **more: Any) -> None:
        try:
            await how(*args, **more)
        except (ConnectorException, PoolTimeout) as error:
            if not _says_no(error):
                self.is_torn.set()
            raise


def _says_no(error: Exception) -> bool:
    """The database is there and answers: the job is another's by now, or waits a second time."""
    return isinstance(error, UniqueViolation) or isinstance(error.__cause__, RaiseException)


async def work() -> None:
    """Until SIGTERM or SIGINT; the job at hand is finished first.

    Comes back by itself when the database was away, and begins anew when the clock was set.
    """
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    for name in NOTICING:
        logging.getLogger(name).addFilter(WithoutOutages())
    pause_s = 1.0
    async with notify.while_turning():
        while not asked.is_set():
            began = time.monotonic()
            try:
                await take_a_turn(asked)
            except OUTAGE as error:
                is_new = time.monotonic() - began > STEADY_S
                pause_s = 1.0 if is_new else min(pause_s * 2, LONGEST_PAUSE_S)
                say(f"the worker lost its database, next try in {pause_s:.0f} s: {reason(error)}")
                await _first_of(asked.wait(), asyncio.sleep(pause_s))


async def take_a_turn(asked: asyncio.Event) -> None:
    """Work until asked to end, or until the clock jumps.

    Raises ConnectorException, PoolTimeout or DatabaseLost.
    """
    django_s = app.connector
    assert isinstance(django_s, DjangoConnector)
    with app.replace_connector(django_s.get_worker_connector()) as here:
        here.job_manager = ledger = Ledger(here.connector)
        async with here.open_async():
            await settle_after_a_jump(here)
            working = asyncio.create_task(here.run_worker_async(install_signal_handlers=False))
            await _first_of(working, asked.wait(), ledger.is_torn.wait(), clock_jump())
            if working.done():
                await working
                raise DatabaseLost("connection lost")
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            if ledger.is_torn.is_set():
                raise DatabaseLost("connection lost")


# ── The clock ────────────────────────────────────────────────────────────────────────────────
async def clock_jump(
    *, clock: Callable[[], float] = time.time, pace: Callable[[], float] = time.monotonic
) -> None:
    """Until the wall clock is set, or the machine slept: what was planned by it is stale.

    procrastinate would plan nothing until a clock that was set back is where it was, and make up
    for every quarter of a minute after one that was set forward.
    """
    ahead = clock() - pace()
    while abs(clock() - pace() - ahead) < JUMP_S:
        await asyncio.sleep(LOOK_S)
    say(f"the clock was set by {clock() - pace() - ahead:+.0f} s: planning anew")


_FORGET_THE_FUTURE = """
    WITH planned AS (
        DELETE FROM procrastinate_periodic_defers
        WHERE defer_timestamp > extract(epoch FROM now()) + 60
    )
    UPDATE procrastinate_workers SET last_heartbeat = now()
    WHERE last_heartbeat > now() + interval '60 seconds'
"""


async def settle_after_a_jump(here: App) -> None:
    """Periodic jobs that were done in the future may be done again when it comes.

    And a worker that was last seen alive in the future is given half a minute, as any other.
    """
    await here.connector.execute_query_async(_FORGET_THE_FUTURE)


async def _first_of(*events: Any) -> None:
    """Until one of them happens. The others are dropped, but for tasks, which go on."""
    tasks = [asyncio.ensure_future(event) for event in events]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task, event in zip(tasks, events, strict=True):
        if task is not event:
            task.cancel()


def reason(error: BaseException) -> str:
    """The first line of what the database said."""
    return str(error.__cause__ or error).strip().partition("\n")[0]


def say(sentence: str) -> None:
    print(f"augenmerk: {sentence}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(work())
