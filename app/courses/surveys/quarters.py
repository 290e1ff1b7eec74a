"""Calendar quarters (A38)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import N_
from app.i18n import _

MONTHS = 3
ROMAN = ("I", "II", "III", "IV")
ONE = N_("quarter %(number)s of %(year)s")
SEVERAL = N_("quarter %(first)s of %(first_year)s – quarter %(last)s of %(last_year)s")
SHORT = N_("Q%(digit)s %(year)s")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    number: int
    """1 to 4."""

    @property
    def first_day(self) -> date:
        return date(self.year, MONTHS * (self.number - 1) + 1, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        return of(self.first_day - timedelta(days=1))

    def __str__(self) -> str:
        """In the current language: I квартал 2026 года."""
        return _(ONE, number=ROMAN[self.number - 1], digit=self.number, year=self.year)

    @property
    def short(self) -> str:
        """For a chart: I кв. 2026."""
        return _(SHORT, number=ROMAN[self.number - 1], digit=self.number, year=self.year)


def of(day: date) -> Quarter:
    return Quarter(day.year, (day.month - 1) // MONTHS + 1)


def between(first: date, last: date) -> Iterator[Quarter]:
    """Every quarter of which a day lies there, oldest first."""
    quarter = of(first)
    while quarter.first_day <= last:
        yield quarter
        quarter = quarter.next


def period(first: date, last: date) -> str:
    """A quarter, or from which to which, in the current language."""
    begin, end = of(first), of(last)
    if begin == end:
        return str(begin)
    named = {"first": ROMAN[begin.number - 1], "first_year": begin.year}
    return _(SEVERAL, **named, last=ROMAN[end.number - 1], last_year=end.year)
