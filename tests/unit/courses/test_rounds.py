"""Comments become remarks, one a line."""

import pytest

from app.courses.rounds import split


@pytest.mark.parametrize(
    ("comments", "remarks"),
    [
        ("Нет ссылки", ["Нет ссылки"]),
        ("1. Нет ссылки\n2) Ошибка на слайде 4\n\n• Опечатка", ["Нет ссылки", "Ошибка на слайде 4", "Опечатка"]),
        ("- 3 слайда лишние\n  – R 111:2004 устарела", ["3 слайда лишние", "R 111:2004 устарела"]),
        ("2026 год указан неверно", ["2026 год указан неверно"]),
        (" \n\t\n", []),
    ],
)
def test_split(comments: str, remarks: list[str]) -> None:
    assert split(comments) == remarks
