"""How often somebody may knock: limits per client, mail address or name, shared by all processes.

A limit of 120 an hour is a bucket: 120 at once, and every half minute one more. So nobody waits for
a full hour, and a whole school behind one address is slowed down, never shut out. The numbers are
`settings.LIMITS`; each count is one row and one statement in PostgreSQL.

Nobody can be read from a row: it holds a keyed hash, and is deleted when its bucket is full again.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
import json
import math
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from townhall.models import Tally


@dataclass(frozen=True)
class Knock:
    """`cost` uses of the limit `name` by `subject`: an address, a mail address, a user name."""

    name: str
    subject: str
    cost: int = 1

    @property
    def quota(self) -> int:
        count: int = settings.LIMITS[self.name][0]
        return count * int(settings.LIMITS_TIMES)

    @property
    def window_s(self) -> int:
        seconds: int = settings.LIMITS[self.name][1]
        return seconds

    @property
    def weight_s(self) -> float:
        """Seconds that this knock takes out of the bucket; more than all of it never fits."""
        return min(self.cost, self.quota) * self.window_s / self.quota

    @property
    def key(self) -> str:
        return alias(self.name, self.subject)


@dataclass(frozen=True)
class Standing:
    """How a limit stands after a knock: what is `left`, and seconds until all of it is back."""

    knock: Knock
    left: int
    full_in_s: int


@dataclass(eq=False)
class TooMany(Exception):
    """The bucket is empty. `wait_s`: whole seconds until this very knock would be let in."""

    standing: Standing
    wait_s: int

    @property
    def name(self) -> str:
        return self.standing.knock.name


# A bucket that is full again later than it can be was counted before the clock was set back.
_USED = """
    CASE WHEN kept.free_at > statement_timestamp() + interval '10 seconds'
              + (%(windows)s::jsonb ->> kept.key)::interval
         THEN statement_timestamp() ELSE greatest(kept.free_at, statement_timestamp()) END
    + (excluded.free_at - statement_timestamp())
"""
_SPEND = f"""
    INSERT INTO townhall_tally AS kept (key, free_at)
    SELECT wish.key, statement_timestamp() + wish.weight
    FROM unnest(%(keys)s::text[], %(weights)s::interval[]) AS wish (key, weight) ORDER BY wish.key
    ON CONFLICT (key) DO UPDATE SET free_at = {_USED}
    WHERE {_USED} <= statement_timestamp() + (%(windows)s::jsonb ->> kept.key)::interval
    RETURNING key, extract(epoch FROM free_at - statement_timestamp())
"""  # noqa: S608 (made of our own constants)


def alias(purpose: str, subject: str) -> str:
    """43 characters that stand for the subject in one purpose only; nobody gets back from it."""
    secret = b"augenmerk limits " + settings.SECRET_KEY.encode()
    mac = hmac.digest(secret, f"{purpose}\n{subject}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def spend(*knocks: Knock) -> list[Standing]:
    """Count all knocks in one statement. Raises TooMany if one of them is not let in.

    Stands outside of the deed's transaction: what is refused later was a knock all the same.
    """
    with connection.cursor() as sql:
        sql.execute(
            _SPEND,
            {
                "keys": [knock.key for knock in knocks],
                "weights": [f"{knock.weight_s:.6f} seconds" for knock in knocks],
                "windows": json.dumps({each.key: f"{each.window_s} seconds" for each in knocks}),
            },
        )
        used = {key: float(seconds) for key, seconds in sql.fetchall()}
    for knock in knocks:
        if knock.key not in used:
            raise _too_many(knock)
    return [_standing(knock, used[knock.key]) for knock in knocks]


def give_back(*knocks: Knock) -> None:
    """Undo a count: a right password is no guess."""
    with connection.cursor() as sql:
        for knock in knocks:
            sql.execute(
                "UPDATE townhall_tally SET free_at = free_at - %s::interval WHERE key = %s",
                [f"{knock.weight_s:.6f} seconds", knock.key],
            )


def forget() -> int:
    """Delete what counts for nothing any more. Returns the number of rows."""
    return Tally.objects.filter(free_at__lt=timezone.now()).delete()[0]


def client_of(request: HttpRequest) -> str:
    """Who is at the other end, as networks count people: an IPv4 address, or an IPv6 /64.

    REMOTE_ADDR is the socket's peer, or what the trusted proxies made of it (config/peers.py).
    """
    return network_of(request.META.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """The address itself, or an IPv6 address' /64: that much is given to one customer."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed.packed, 64), strict=False))
    return str(parsed)


def mailbox_of(email: str) -> str:
    """The mailbox behind an address: case and what follows a "+" lead to the same one."""
    local, at, domain = email.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _standing(knock: Knock, used_s: float) -> Standing:
    left = math.floor((knock.window_s - used_s) * knock.quota / knock.window_s + 1e-6)
    return Standing(knock, max(0, left), max(0, math.ceil(used_s)))


def _too_many(knock: Knock) -> TooMany:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT extract(epoch FROM free_at - statement_timestamp()) "
            "FROM townhall_tally WHERE key = %s",
            [knock.key],
        )
        row = sql.fetchone()
    used_s = float(row[0]) if row else 0.0
    wait_s = math.ceil(used_s + knock.weight_s - knock.window_s)
    return TooMany(_standing(knock, used_s), max(1, wait_s))
