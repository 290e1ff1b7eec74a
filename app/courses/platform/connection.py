"""The client of this process, set when the program is joined; None: no platform is configured, all is done by hand."""

from dataclasses import dataclass

from app.connectors.moodle import BY_HAND, Client
from app.errors import PermanentFailure

NO_TOKEN = "no access to the platform is configured"  # noqa: S105 - a reason, not a token


@dataclass(slots=True)
class _Connection:
    client: Client | None = None


_connection = _Connection()


def install(client: Client | None) -> None:
    _connection.client = client


def client() -> Client | None:
    return _connection.client


def demand() -> Client:
    """Raises PermanentFailure `by_hand` where there is no access."""
    if _connection.client is None:
        raise PermanentFailure(NO_TOKEN, BY_HAND)
    return _connection.client
