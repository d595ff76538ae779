"""The house itself: arrows, circles, migrations, addresses, translations."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from uuid import UUID

import grimp
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

ROOMS = ("config", "reports", "lostfound", "townhall", "geo", "frontend")
TREE: Path = settings.BASE_DIR

SAMPLES = {
    "int": "1",
    "str": "7K3F9QMX",
    "slug": "bensheim",
    "uuid": str(UUID(int=7)),
    "path": "x/y",
}


@pytest.fixture(scope="module")
def house() -> grimp.ImportGraph:
    return grimp.build_graph(*ROOMS, cache_dir=None, exclude_type_checking_imports=True)


def test_arrows_point_down() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_no_module_imports_itself_in_a_circle(house: grimp.ImportGraph) -> None:
    circles = [
        chain
        for module in sorted(house.modules)
        for imported in house.find_modules_directly_imported_by(module)
        if (chain := house.find_shortest_chain(imported, module)) is not None
    ]
    assert circles == []


def test_the_contract_knows_every_room() -> None:
    rooms = {folder.parent.name for folder in TREE.glob("*/apps.py")}
    contract = tomllib.loads((TREE / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert set(contract["root_packages"]) == rooms == set(ROOMS)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_every_text_is_there_in_german() -> None:
    call_command("untranslated")


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[str]:
    """One example of every address of the site map. The admin's are Django's own."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + _example(entry)
        if isinstance(entry, URLPattern):
            yield "/" + path
        elif entry.app_name != "admin":
            yield from addresses(entry.url_patterns, path)


def _example(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix("/?")
    names = {type(converter): name for name, converter in get_converters().items()}
    for name, converter in entry.pattern.converters.items():
        kind = names[type(converter)]
        sample = SAMPLES.get(kind, SAMPLES["str"])
        text = text.replace(f"<{kind}:{name}>", sample).replace(f"<{name}>", sample)
    return text


def _every_address() -> list[str]:
    return [path for path in addresses() if "(?P" not in path]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("path", _every_address())
def test_every_address_answers(client: Client, path: str, method: str) -> None:
    client.raise_request_exception = False
    answer = getattr(client, method)(path, QUERY_STRING="q=%00%ff&bbox=x&page=-1&lat=nan&after=%F0")
    assert answer.status_code < 500 or path == "/readyz"


@pytest.mark.parametrize(
    "path", ["/%00", "/%ff", "/../../etc/passwd", "/meldung/%F0%9F%92%A9", "/?bbox=1,2,3", "/en/"]
)
@pytest.mark.django_db
def test_nonsense_addresses_are_no_failure_of_ours(client: Client, path: str) -> None:
    client.raise_request_exception = False
    assert client.get(path).status_code < 500
