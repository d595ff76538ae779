"""The worker process: `python -m config.worker`. Letters and all else that may wait, as jobs."""

import asyncio
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("AUGENMERK_DIRECT", "1")  # it listens, and holds locks while it sends
django.setup()

from procrastinate.contrib.django import app  # noqa: E402  Django must be ready
from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: E402
from procrastinate.exceptions import ConnectorException  # noqa: E402
from psycopg_pool import PoolTimeout  # noqa: E402

from . import notify  # noqa: E402


async def work() -> None:
    """Until SIGTERM or SIGINT; the job at hand is finished first.

    Raises ConnectorException or PoolTimeout when the database is silent for half a minute.
    """
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as here:
        async with here.open_async(), notify.while_turning():
            await here.run_worker_async()


def main() -> int:
    try:
        asyncio.run(work())
    except (ConnectorException, PoolTimeout) as error:
        sentence = str(error.__cause__ or error).strip().partition("\n")[0]
        print(f"augenmerk: the worker lost its database: {sentence}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
