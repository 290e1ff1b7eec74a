"""Time zones to choose from, those of the member countries first."""

from zoneinfo import available_timezones

_FIRST = (
    "Europe/Minsk", "Europe/Moscow", "Asia/Almaty", "Asia/Tashkent", "Asia/Baku", "Asia/Yerevan", "Asia/Tbilisi",
    "Asia/Bishkek", "Asia/Dushanbe", "Europe/Chisinau", "Europe/Kyiv", "Europe/Berlin", "Europe/Paris", "UTC",
)  # fmt: skip


def _all() -> tuple[str, ...]:
    known = available_timezones()
    first = [zone for zone in _FIRST if zone in known]
    places = sorted(
        zone for zone in known if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/"))
    )
    return tuple(dict.fromkeys([*first, *places]))


ZONES = _all()
