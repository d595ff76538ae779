"""`/healthz`: this process answers. `/readyz`: and so does all that it needs."""

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 and the reason while the database is silent or behind this code."""
    trouble = _trouble()
    body = {"status": "ok"} if trouble is None else {"status": "not ready", "reason": trouble}
    return JsonResponse(body, status=200 if trouble is None else 503)


def _trouble() -> str | None:
    try:
        return "migrations" if _behind() else None
    except (DatabaseError, ImproperlyConfigured):
        return "database"


_on_disk: set[tuple[str, str]] = set()


def _behind() -> bool:
    """Whether a migration of this code is not applied. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('django_migrations') is not null")
        (known,) = cursor.fetchone()
        if not known:
            return True
        cursor.execute("select app, name from django_migrations")
        applied = set(cursor.fetchall())
    if not _on_disk:
        _on_disk.update(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return not _on_disk <= applied
