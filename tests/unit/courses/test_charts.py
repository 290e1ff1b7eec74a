"""Charts say their numbers in words, take any text, and lie about nothing."""

from xml.etree import ElementTree

import pytest

from app.courses.charts import Bar, Point, Stack, bars, over_time, sparkline, stacked

SVG = "{http://www.w3.org/2000/svg}"
STEPS = ("Отлично", "Хорошо", "Удовлетворительно", "Неудовлетворительно")
LONG = "Поверка и калибровка высокоточных неавтоматических весов, гирь и компараторов массы " * 5


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [(one.text or "") + "".join(child.tail or "" for child in one) for one in drawn(svg).iter(f"{SVG}text")]


def titles(svg: str) -> list[str]:
    return [one.text or "" for one in drawn(svg).iter(f"{SVG}title")]


def widths(svg: str, name: str) -> list[float]:
    found = drawn(svg).iter(f"{SVG}rect")
    return [float(one.attrib["width"].rstrip("%")) for one in found if one.attrib["class"] == name]


def test_bars_are_as_long_as_their_values_and_carry_label_and_number() -> None:
    svg = bars("Участники по курсам", [Bar("Гири", 30, "30"), Bar("Весы", 15, "15"), Bar("Лампы", 0, "0")])
    assert widths(svg, "bar") == [100, 50, 0]
    assert texts(svg) == ["Гири", "30", "Весы", "15", "Лампы", "0"]
    assert titles(svg) == ["Участники по курсам", "Гири: 30", "Весы: 15", "Лампы: 0"]


def test_a_share_is_drawn_against_the_whole() -> None:
    assert widths(bars("Доля", [Bar("Прошли", 40, "40 %")], highest=100), "bar") == [40]


def test_a_chart_has_an_accessible_name() -> None:
    for svg in (
        bars("Имя", [Bar("a", 1, "1")], description="Пояснение"),
        stacked("Имя", STEPS, [Stack("a", (1, 0, 0, 0), "1")], description="Пояснение"),
        over_time("Имя", [Point("a", 1)], description="Пояснение"),
    ):
        root = drawn(svg)
        assert (root.attrib["role"], root[0].tag, root[0].text) == ("img", f"{SVG}title", "Имя")
        assert (root[1].tag, root[1].text) == (f"{SVG}desc", "Пояснение")
    assert drawn(sparkline("Имя", [1, 2]))[0].text == "Имя"


def test_steps_fill_the_row_and_a_narrow_one_says_its_count_in_its_title() -> None:
    svg = stacked("Оценки", STEPS, [Stack("Качество материала", (90, 9, 0, 1), "100 ответов")])
    assert [widths(svg, f"step{number}") for number in (1, 2, 3, 4)] == [[90], [9], [], [1]]
    assert texts(svg) == [*STEPS, "Качество материала", "100 ответов", "90", "9"]
    assert "Качество материала. Неудовлетворительно: 1" in titles(svg)


def test_no_answers_are_an_empty_frame() -> None:
    svg = stacked("Оценки", STEPS, [Stack("Качество", (0, 0, 0, 0), "нет ответов")])
    assert widths(svg, "step1") == []
    assert widths(svg, "frame") == [100]


def test_columns_start_at_zero_and_the_highest_fills_the_height() -> None:
    svg = over_time("Ответы", [Point("I кв.", 5), Point("II кв.", 10), Point("III кв.", 0)])
    heights = [float(one.attrib["height"]) for one in drawn(svg).iter(f"{SVG}rect")]
    assert heights == [55, 110, 0]
    assert texts(svg) == ["5", "10", "0", "I кв.", "II кв.", "III кв."]


def test_what_is_unknown_is_a_gap_and_not_zero() -> None:
    svg = over_time("Средняя", [Point("1", 3), Point("2", 4), Point("3", None), Point("4", 2)], shape="line", highest=4)
    assert sum(one.attrib["class"] == "trace" for one in drawn(svg).iter(f"{SVG}line")) == 1
    assert titles(svg) == ["Средняя", "1: 3", "2: 4", "4: 2"]
    assert sum(1 for _ in drawn(sparkline("s", [1, None, 2, 3])).iter(f"{SVG}line")) == 1


def test_a_year_of_days_names_four_of_them_and_its_telling_values() -> None:
    svg = over_time("Просмотры", [Point(f"день {day}", day % 200) for day in range(365)], shape="line")
    assert texts(svg) == ["199", "164", "день 0", "день 121", "день 243", "день 364"]
    assert len(titles(svg)) == 366


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    for svg in (bars("a", []), stacked("a", STEPS, []), over_time("a", []), sparkline("a", [])):
        assert titles(svg) == ["a"]


def test_a_long_label_wraps_and_then_ends_with_its_whole_text_at_hand() -> None:
    svg = bars("Курсы", [Bar(LONG, 1, "1"), Bar("x" * 200, 1, "1"), Bar("Гири", 1, "1")])
    lines = [line for line in texts(svg) if line not in ("1", "Гири")]
    assert len(lines) == 6
    assert all(len(line) <= 40 for line in lines)
    assert lines[2].endswith("…")
    assert titles(svg).count(LONG) == 3
    rows = [float(one.attrib["y"]) for one in drawn(svg).iter(f"{SVG}rect") if one.attrib["class"] == "bar"]
    assert rows == sorted(set(rows))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"&amp;\' onload="x', "\x00\x08\ud800\ufffeконец", "]]>", "\u202e"]
)
def test_a_text_is_a_text_wherever_it_stands(text: str) -> None:
    for svg in (
        bars(text, [Bar(text, 1, text)], description=text),
        stacked(text, (text,) * 4, [Stack(text, (1, 2, 3, 4), text)]),
        over_time(text, [Point(text, 1, text)] * 3),
        sparkline(text, [1]),
    ):
        root = drawn(svg.encode().decode())
        assert not list(root.iter(f"{SVG}script"))
        assert all(not name.startswith("on") for one in root.iter() for name in one.attrib)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_what_cannot_be_drawn_from_zero_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite numbers from zero"):
        bars("a", [Bar("a", value, "?")])
    with pytest.raises(ValueError, match="finite numbers from zero"):
        over_time("a", [Point("a", value)])


def test_a_scale_has_a_count_for_every_step() -> None:
    with pytest.raises(ValueError, match="four steps"):
        stacked("a", STEPS, [Stack("a", (1, 2, 3), "6")])
    with pytest.raises(ValueError, match="four steps"):
        stacked("a", (*STEPS, "e"), [])


def test_no_style_and_no_script_stands_in_a_drawing() -> None:
    """The policy of the pages allows neither."""
    svg = over_time("a", [Point("a", 1)], shape="line") + bars("a", [Bar("a", 1, "1")])
    assert "style" not in svg
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
