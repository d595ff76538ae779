"""Who is at the other end of a connection: the only place that reads X-Forwarded-*."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Headers = Iterable[tuple[bytes, bytes]]
_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Proxies:
    """The proxies in front of us whose word we take."""

    networks: tuple[_Network, ...] = ()

    @classmethod
    def parse(cls, words: Sequence[str]) -> "Proxies":
        """From addresses ("10.0.0.2") and networks ("10.0.0.0/8"). Raises ValueError."""
        return cls(tuple(ip_network(word, strict=False) for word in words))

    def include(self, address: str) -> bool:
        parsed = _parse(address)
        return parsed is not None and any(parsed in network for network in self.networks)

    def client_of(self, peer: str, headers: Headers) -> str:
        """The client's address: the nearest one that is not a trusted proxy.

        X-Forwarded-For is read from the right, because each proxy appends whom it saw: what
        stands further left than the last trusted proxy was said by the client itself. An entry
        that is no address ends the walk.
        """
        said = _values(headers, b"x-forwarded-for")
        client = peer
        while said and self.include(client):
            nearer = _parse(_without_port(said.pop()))
            if nearer is None:
                break
            client = str(nearer)
        return client

    def scheme_of(self, peer: str, headers: Headers, *, plain: str = "http") -> str:
        """ "https" when a trusted proxy says that it was spoken to by TLS."""
        said = _values(headers, b"x-forwarded-proto")
        if said and self.include(peer) and said[-1] in {"http", "https"}:
            return said[-1]
        return plain


def _values(headers: Headers, name: bytes) -> list[str]:
    joined = b",".join(value for key, value in headers if key == name)
    return [word.strip() for word in joined.decode("latin-1").split(",")] if joined else []


def _parse(address: str) -> _Address | None:
    """An IPv4 address that came in IPv6 clothes is an IPv4 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


def _without_port(entry: str) -> str:
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry
