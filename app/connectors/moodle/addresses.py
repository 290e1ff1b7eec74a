"""Whom the program may talk to (S37): the configured host and nobody else, and no machine of our own network.

Names are resolved by ourselves at every connection, every answer is judged, and the connection goes to the address
that was judged: a name that leads elsewhere the second time gains nothing.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.connectors.moodle.failures import Closed, Later

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True)
class Rules:
    """`private`: this machine and the own network may be reached too; for demo and tests, never in `serve`."""

    host: str
    port: int
    private: bool = False

    def demand(self, host: str, port: int) -> None:
        """Raises Closed for any place but the configured one."""
        if host.lower().rstrip(".") != self.host or port != self.port:
            raise Closed("foreign_host", "the connection would go to another host than the configured one")


def read(url: str, *, private: bool = False) -> tuple[str, Rules]:
    """The base address without its last slash, and the rules for it. ValueError says what is wrong with it."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise ValueError("MOODLE_URL is not an address") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError("MOODLE_URL must begin with https:// and name a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("MOODLE_URL must hold nothing but the address: no user, password or question mark")
    if not private:
        _judge_name(parts.scheme, host)
    return url.strip().rstrip("/"), Rules(host.lower(), port or (443 if parts.scheme == "https" else 80), private)


def _judge_name(scheme: str, host: str) -> None:
    if scheme != "https":
        raise ValueError("MOODLE_URL must begin with https://: the token would be readable on the way")
    if _literal(host):
        raise ValueError("MOODLE_URL must name the host, not its number")
    if host.lower() == "localhost" or host.lower().endswith(LOCAL_NAMES) or "." not in host:
        raise ValueError("MOODLE_URL must name a host on the internet, not one of this network")


def _literal(host: str) -> bool:
    """Whether anything would take it for a number: 169.254.169.254, 0x7f.1, 2130706433, ::1."""
    try:
        socket.inet_aton(host)
    except OSError:
        return ":" in host
    return True


def resolve(rules: Rules, host: str, port: int) -> Sequence[str]:
    """Addresses of the host that may be connected to. Raises Later where there are none, Closed for a forbidden one."""
    rules.demand(host, port)
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise Later("no_address", f"the name of the site cannot be resolved ({error.strerror or error})") from None
    if not rules.private and any(not public(ipaddress.ip_address(one.partition("%")[0])) for one in found):
        raise Closed("private_address", "the name of the site leads into a private network")
    return sorted(found, key=lambda one: (":" in one, one))


def public(address: Address) -> bool:
    """Whether the address is one of the open internet, also where an IPv4 address hides in an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None and address in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return public(inside)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast
