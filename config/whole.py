"""Pages and API under granian, behind a proxy that takes bodies whole: what config/edge.py does.

granian starts the application while the body still comes, and takes a lost connection for the end
of the body (a report without its photo). So the body is read and counted before Django runs, and a
shorter one than announced never reaches it. A body in chunks announces nothing: 411. nginx with
`proxy_request_buffering on` announces every body.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from .wsgi import application as django  # isort: skip  # first: it makes Django ready

from django.conf import settings

from .edge import FileBody, WSGIApplication
from .peers import Proxies
from .refusals import refusal
from .spool import KB, Body, ClientGone, Limits, Refused, is_full

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

log = logging.getLogger(__name__)

_CHUNK = 256 * KB
_SAID_BY_PROXIES = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_", "HTTP_X_REAL_IP")
# granian mixes the process' environment into each request's, and there lie our secrets.
_OF_THE_PROCESS = [name for name in os.environ if not name.startswith(("HTTP_", "wsgi."))]
_OF_THE_REQUEST = {
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH",
    "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "REMOTE_ADDR",
    "GATEWAY_INTERFACE",
}  # fmt: skip
_FOREIGN = [name for name in _OF_THE_PROCESS if name not in _OF_THE_REQUEST]


@dataclass
class Whole:
    """A WSGI application around another one, which sees whole bodies and true addresses."""

    application: WSGIApplication
    folder: Path
    proxies: Proxies = field(default_factory=Proxies)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        for name in _FOREIGN:
            environ.pop(name, None)
        environ["wsgi.file_wrapper"] = FileBody
        self._read_addresses(environ)
        try:
            with self._body(environ) as body:
                environ["wsgi.input"] = body
                return _at_once(self.application(environ, start_response))
        except ClientGone:
            log.warning("%s dropped: its body was cut short", environ["REQUEST_METHOD"])
            return _refuse(HTTPStatus.BAD_REQUEST, environ, start_response)
        except Refused as refused:
            log.warning("%s refused: %d", environ["REQUEST_METHOD"], refused.status)
            return _refuse(refused.status, environ, start_response)

    def _read_addresses(self, environ: Environ) -> None:
        """As the edge does: what proxies say is read here, and by nobody else."""
        said = [name for name in environ if name.startswith(_SAID_BY_PROXIES)]
        headers = [
            (name[5:].lower().replace("_", "-").encode(), environ.pop(name).encode("latin-1"))
            for name in said
        ]
        peer = environ.get("REMOTE_ADDR", "")
        environ["REMOTE_ADDR"] = self.proxies.client_of(peer, headers)
        environ["wsgi.url_scheme"] = self.proxies.scheme_of(peer, headers)
        environ["augenmerk.was_forwarded"] = bool(said)

    @contextmanager
    def _body(self, environ: Environ) -> Iterator[IO[bytes]]:
        """The whole body, in memory, then on disk. Raises ClientGone and Refused."""
        if "HTTP_TRANSFER_ENCODING" in environ:
            raise Refused(HTTPStatus.LENGTH_REQUIRED)
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        if announced > self.limits.body:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not announced:
            yield BytesIO()
            return
        body = self._new_body(announced)
        try:
            _take(environ["wsgi.input"], body)
            yield body.content
        finally:
            body.close()

    def _new_body(self, announced: int) -> Body:
        return Body(SpooledTemporaryFile(self.limits.memory, dir=str(self.folder)), announced)


def _take(source: IO[bytes], body: Body) -> None:
    missing = body.size
    while missing:
        chunk = source.read(min(missing, _CHUNK))
        if not chunk:
            raise ClientGone
        _keep(chunk, body)
        missing -= len(chunk)
    body.content.seek(0)


def _keep(chunk: bytes, body: Body) -> None:
    try:
        body.content.write(chunk)
    except OSError as error:
        if not is_full(error):
            raise
        log.error("No room for a body of %d bytes: the disk is full", body.size)
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE) from None


def _at_once(answer: Iterable[bytes]) -> Iterable[bytes]:
    """One list for granian, so that it crosses over once. Files and streams go bit by bit."""
    if getattr(answer, "streaming", True):
        return answer
    try:
        return [b"".join(answer)]
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


_IN_WORDS = frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.SERVICE_UNAVAILABLE})


def _refuse(status: HTTPStatus, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    if status in _IN_WORDS:
        accept, languages = (
            environ.get(f"HTTP_{name}", "") for name in ("ACCEPT", "ACCEPT_LANGUAGE")
        )
        pairs, content = refusal(status, environ["PATH_INFO"], accept, languages)
        headers = [(name.decode(), value.decode()) for name, value in pairs]
    else:  # for a proxy that does not do its work, or for nobody
        content = f"{status.phrase}\n".encode()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(content)))]
    start_response(f"{int(status)} {status.phrase}", headers)
    return [content]


application = Whole(
    django,
    folder=settings.HOME / "spool",
    proxies=Proxies.parse(settings.TRUSTED_PROXIES),
)
