"""Rows and their jobs in one statement: neither is ever there without the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

_WITH_JOBS = """
    WITH made AS ({insert} RETURNING id, {due} AS due)
    SELECT procrastinate_defer_jobs_v1(array_agg(
        ROW('default', %s, %s, NULL, NULL, jsonb_build_object(%s, id), due)
            ::procrastinate_job_to_defer_v1
    ))
    FROM made HAVING count(*) > 0
"""


def insert_with_jobs(
    insert: str,
    values: Sequence[Any],
    *,
    task: str,
    argument: str,
    priority: int = 0,
    due: str = "NULL::timestamptz",
) -> None:
    """Run an INSERT and give `task` a job for each new row, whose id is the job's one argument.

    `due`: the column that says when the job may be done at the earliest; at once without one.

    Django's own connection: inside a worker procrastinate has another, whose jobs would run before
    the deed commits and after it is rolled back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _WITH_JOBS.format(insert=insert, due=due), [*values, task, priority, argument]
        )


def enqueue(task: str, **arguments: int | str) -> None:
    """One job, which is there only if the deed's transaction commits. Holds ids, no personal data.

    Django's own connection, as above.
    """
    manager = JobManager(DjangoConnector())
    configure_task(name=task, job_manager=manager).defer(**arguments)
