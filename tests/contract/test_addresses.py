"""S37: the program talks to the configured host and to nothing in a private network, whatever names and answers say."""

import ipaddress
import socket
from typing import Any

import pytest

from app.connectors.moodle import Access, Client, Closed, Later, addresses
from app.connectors.moodle.stand_in import MANAGER
from tests.contract.serving import Site

BAD = (
    "http://platform.example",
    "https://127.0.0.1",
    "https://[::1]",
    "https://169.254.169.254/latest",
    "https://[::ffff:169.254.169.254]",
    "https://0x7f.1",
    "https://2130706433",
    "https://localhost",
    "https://moodle.internal",
    "https://moodle.local.",
    "https://intranet",
    "https://user:secret@platform.example",
    "https://platform.example/?token=1",
    "ftp://platform.example",
    "platform.example",
    "",
)


@pytest.mark.parametrize("url", BAD)
def test_s37_addresses_that_serve_refuses_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="MOODLE_URL"):
        Client(Access(url, "t"))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::",
        "64:ff9b::a9fe:a9fe", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_s37_a_name_that_leads_to_a_private_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not addresses.public(ipaddress.ip_address(address))
    answer_with(monkeypatch, address)
    client = Client(Access("https://platform.example", "t"))
    with pytest.raises(Closed) as caught:
        client.site()
    assert caught.value.code == "private_address"


def test_s37_one_private_answer_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, "93.184.216.34", "127.0.0.1")
    with pytest.raises(Closed):
        Client(Access("https://platform.example", "t")).site()


def test_s37_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: the name's second answer would be this machine; it is asked once only."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked: list[Any] = []

    def lookup(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in next(answers)]

    def connect(address: tuple[str, int], **_more: Any) -> socket.socket:
        asked.append(address)
        raise OSError(111, "refused")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Later):
        Client(Access("https://platform.example", "t")).site()
    assert asked == [("93.184.216.34", 443)]


def test_s37_another_host_or_port_is_never_connected_to() -> None:
    _, rules = addresses.read("https://platform.example")
    for host, port in (("metadata.example", 443), ("platform.example", 80)):
        with pytest.raises(Closed):
            addresses.resolve(rules, host, port)


def test_s37_a_redirect_is_not_followed(site: Site) -> None:
    site.fail("redirect")
    with pytest.raises(Closed) as caught:
        site.client().site()
    assert caught.value.code == "redirect"
    assert site.requests == 1


def test_s37_settings_of_the_environment_lead_nowhere_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert site.client().site().release


def test_a_certificate_that_cannot_be_trusted_ends_the_talk(site: Site) -> None:
    """The same server spoken to as https: no handshake, no token sent, no data."""
    client = Client(Access(site.url.replace("http:", "https:"), MANAGER, private=True, deadline=5))
    with pytest.raises((Closed, Later)):
        client.site()
    assert site.requests == 0


def answer_with(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """Names lead to these addresses."""

    def lookup(_host: str, port: int, **_more: Any) -> list[Any]:
        kinds = {4: socket.AF_INET, 6: socket.AF_INET6}
        rows = [(kinds[ipaddress.ip_address(one).version], one) for one in found]
        return [(kind, socket.SOCK_STREAM, 6, "", (one, port)) for kind, one in rows]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
