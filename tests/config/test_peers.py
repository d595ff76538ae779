import pytest

from config.peers import Proxies

NOBODY = Proxies()
PROXY = Proxies.parse(["10.0.0.2", "10.1.0.0/16", "fd00::/8"])


def forwarded(*values: str) -> list[tuple[bytes, bytes]]:
    return [(b"x-forwarded-for", value.encode("latin-1")) for value in values]


def test_without_a_trusted_proxy_the_socket_says_who_the_client_is() -> None:
    assert NOBODY.client_of("127.0.0.1", forwarded("6.6.6.6")) == "127.0.0.1"


def test_a_stranger_can_not_forge_its_address() -> None:
    assert PROXY.client_of("203.0.113.9", forwarded("6.6.6.6")) == "203.0.113.9"


@pytest.mark.parametrize(
    ("said", "client"),
    [
        (["198.51.100.7"], "198.51.100.7"),
        (["6.6.6.6, 198.51.100.7"], "198.51.100.7"),
        (["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
        (["6.6.6.6, 198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        (["198.51.100.7:4711"], "198.51.100.7"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["2001:db8::7"], "2001:db8::7"),
        (["::ffff:198.51.100.7"], "198.51.100.7"),
        (["nonsense"], "10.0.0.2"),
        (["198.51.100.7, unknown"], "10.0.0.2"),
        (["198.51.100.7, nonsense, 10.1.2.3"], "10.1.2.3"),
        (["\xff"], "10.0.0.2"),
        ([""], "10.0.0.2"),
        ([], "10.0.0.2"),
    ],
)
def test_behind_a_trusted_proxy_the_nearest_stranger_is_the_client(
    said: list[str], client: str
) -> None:
    assert PROXY.client_of("10.0.0.2", forwarded(*said)) == client


def test_a_proxy_that_comes_by_an_ipv6_socket_is_still_known() -> None:
    assert PROXY.client_of("::ffff:10.0.0.2", forwarded("198.51.100.7")) == "198.51.100.7"


def test_only_a_trusted_proxy_can_say_that_the_line_is_encrypted() -> None:
    said = [(b"x-forwarded-proto", b"https")]
    assert PROXY.scheme_of("10.0.0.2", said) == "https"
    assert PROXY.scheme_of("203.0.113.9", said) == "http"
    assert PROXY.scheme_of("10.0.0.2", [(b"x-forwarded-proto", b"gopher")]) == "http"


def test_a_misspelt_proxy_is_named_at_start() -> None:
    with pytest.raises(ValueError, match=r"proxy\.example"):
        Proxies.parse(["proxy.example"])
