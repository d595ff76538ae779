"""A real IMAP server, Debian's Dovecot, on free loopback ports in a folder of its own."""

from __future__ import annotations

import grp
import mailbox
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin")
READY_S = 60
USER, PASSWORD = "bounces@stadt.example", "ge/h@im% ß"
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """`folder` holds everything; `ca_file` is whom to trust for the TLS port."""

    folder: Path
    port: int
    tls_port: int

    @property
    def ca_file(self) -> Path:
        return self.folder / "server.pem"

    def deliver(self, raw: bytes, *, folder: str = "") -> None:
        """As a mail server drops it; `folder` "" is the INBOX."""
        box = mailbox.Maildir(self.folder / "mail" / folder, create=True)
        box.add(raw)
        _give(self.folder)

    def lying(self, folder: str = "") -> int:
        """How many mails are there."""
        place = self.folder / "mail" / folder
        return sum(len(list((place / each).glob("*"))) for each in ("cur", "new"))


@contextmanager
def running() -> Iterator[Dovecot]:
    assert PROGRAM
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # a short path for its sockets
    server = Dovecot(folder, _free_port(), _free_port())
    _prepare(server)
    owner: Any = {"user": _owner().pw_uid, "group": _owner().pw_gid}
    process = subprocess.Popen(
        [PROGRAM, "-F", "-c", str(folder / "conf")], **owner if os.geteuid() == 0 else {}
    )
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(READY_S)
        shutil.rmtree(folder)


def _owner() -> pwd.struct_passwd:
    """Dovecot reads nobody's mail as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _prepare(server: Dovecot) -> None:
    folder, owner = server.folder, _owner()
    config = _CONFIG.format(
        folder=folder,
        user=owner.pw_name,
        group=grp.getgrgid(owner.pw_gid).gr_name,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        port=server.port,
        tls_port=server.tls_port,
    )
    (folder / "conf").write_text(config)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", folder / "server.key", "-out", folder / "server.pem"),
        ],
        check=True,
        capture_output=True,
    )
    mailbox.Maildir(folder / "mail", create=True)
    _give(folder)


def _give(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = _owner()
        for place in (folder, *folder.rglob("*")):
            os.chown(place, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_for(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.tls_port), timeout=1) as line:
                line.recv(0)
            return
        except OSError:
            time.sleep(0.05)
    log = server.folder / "log"
    raise RuntimeError(log.read_text() if log.exists() else "Dovecot did not start")
