"""Texts of what goes wrong with values: key -> (reason, message ru, message en, what to do ru, what to do en)."""

from typing import Literal

Reason = Literal["language", "name", "value", "limit"]
Row = tuple[Reason, str, str, str, str]

_LESS_RU = "Уменьшите объём данных, с которыми работает выражение."
_LESS_EN = "Let the expression work on less data."

VALUES: dict[str, Row] = {
    "unknown_name": (
        "name",
        "Данных с именем «{name}» нет.",
        'There are no data named "{name}".',
        "Проверьте имя.{close_ru}",
        "Check the name.{close_en}",
    ),
    "unknown_field": (
        "name",
        "В записи нет поля «{name}».",
        'The record has no field "{name}".',
        "Проверьте имя поля или напишите get(запись, '{name}', значение по умолчанию).",
        "Check the field's name or write get(record, '{name}', default).",
    ),
    "no_fields": (
        "value",
        "Поле «{name}» спрашивают у значения, у которого нет полей ({ru}).",
        'The field "{name}" is asked of a value that has no fields ({en}).',
        "Проверьте, что стоит перед точкой.",
        "Check what stands before the dot.",
    ),
    "index": (
        "value",
        "Элемента «{name}» нет.",
        'There is no element "{name}".',
        "Проверьте номер или имя в квадратных скобках; счёт начинается с 0.",
        "Check the number or name in square brackets; counting starts at 0.",
    ),
    "operands": (
        "value",
        "Действие «{sign}» неприменимо: слева {ru}, справа {right_ru}.",
        '"{sign}" cannot be applied: {en} on the left, {right_en} on the right.',
        "Приведите значения к одному виду: int(), float() или str().",
        "Bring both to one kind with int(), float() or str().",
    ),
    "operand": (
        "value",
        "Действие «{sign}» неприменимо к такому значению ({ru}).",
        '"{sign}" cannot be applied to such a value ({en}).',
        "Проверьте, откуда взялось это значение.",
        "Check where the value comes from.",
    ),
    "in_place": (
        "value",
        "Сокращённое присваивание работает только с числами и текстами.",
        "Assignment with an operation works only on numbers and texts.",
        "Напишите полностью: имя = имя {sign} …",
        "Write it out: name = name {sign} …",
    ),
    "zero_division": (
        "value",
        "Деление на ноль.",
        "Division by zero.",
        "Проверьте делитель: a / b if b else 0.",
        "Check the divisor: a / b if b else 0.",
    ),
    "not_finite": (
        "value",
        "Результат – не число.",
        "The result is not a number.",
        "Проверьте, какие числа участвуют в вычислении.",
        "Check the numbers of the calculation.",
    ),
    "argument": (
        "value",
        "Функция «{name}» не принимает такое значение ({ru}).",
        'The function "{name}" does not take such a value ({en}).',
        "Проверьте, что стоит в скобках.",
        "Check what stands in the brackets.",
    ),
    "not_walkable": (
        "value",
        "Перебрать элементы такого значения нельзя ({ru}).",
        "There are no elements to go through in such a value ({en}).",
        "Здесь нужен список или запись с полями.",
        "A list or a record of fields is needed here.",
    ),
    "parts": (
        "value",
        "У элемента не {count} частей.",
        "The element does not have {count} parts.",
        "Каждый элемент должен быть списком из {count} значений.",
        "Each element must be a list of {count} values.",
    ),
    "key_kind": (
        "value",
        "Имя поля записи должно быть текстом.",
        "The name of a field must be a text.",
        "Примените str().",
        "Use str().",
    ),
    "failed": (
        "value",
        "Вычислить не удалось: значения не подходят к действию.",
        "It could not be evaluated: the values do not fit the operation.",
        "Проверьте значения, с которыми работает выражение.",
        "Check the values the expression works on.",
    ),
    "not_plain": (
        "value",
        "Такое значение хранить нельзя.",
        "Such a value cannot be kept.",
        "Допустимы тексты, числа, да/нет, списки и записи с полями.",
        "Allowed are texts, numbers, true and false, lists and records of fields.",
    ),
    "not_collection": (
        "value",
        "Здесь нужен список или запись с полями, а получено: {ru}.",
        "A list or a record of fields is needed here, but there is: {en}.",
        "Укажите данные, элементы которых перебираются.",
        "Name the data whose elements are gone through.",
    ),
    "not_time": (
        "value",
        "Срок не распознан: {given}.",
        "This is not a deadline: {given}.",
        "Напишите P14D, дату 2026-12-31 или, например, before('answer', workdays=3).",
        "Write P14D, a date 2026-12-31 or, for example, before('answer', workdays=3).",
    ),
    "duration_long": (
        "value",
        "Срок {given} длиннее {most} лет.",
        "The duration {given} is longer than {most} years.",
        "Укажите меньший срок.",
        "Give a shorter one.",
    ),
    "cycle_count": (
        "value",
        "В повторении {given} должно быть указано, сколько раз оно сработает: от 1 до {most}.",
        "The repetition {given} must say how often it fires: 1 to {most} times.",
        "Например, R3/P2D: три раза, через каждые два дня.",
        "For example R3/P2D: three times, every two days.",
    ),
    "cycle_short": (
        "value",
        "Промежуток в повторении {given} короче минуты.",
        "The interval of the repetition {given} is shorter than a minute.",
        "Например, R3/P2D: три раза, через каждые два дня.",
        "For example R3/P2D: three times, every two days.",
    ),
    "no_offset": (
        "value",
        "У времени {given} не указано смещение от UTC.",
        "The time {given} has no offset from UTC.",
        "Допишите его: 2026-01-01T09:00:00+03:00 или …Z.",
        "Add it: 2026-01-01T09:00:00+03:00 or …Z.",
    ),
    "not_printable": (
        "value",
        "Такое значение нельзя вставить в текст ({ru}).",
        "Such a value cannot be put into a text ({en}).",
        "Выведите его части: {{% for … %}}, join(…) или «a if b else c».",
        "Print its parts: {{% for … %}}, join(…) or a if b else c.",
    ),
    "number_large": ("limit", "Число слишком велико.", "The number is too large.", _LESS_RU, _LESS_EN),
    "text_long": ("limit", "Текст слишком длинный.", "The text is too long.", _LESS_RU, _LESS_EN),
    "items_many": ("limit", "Список слишком длинный.", "The list is too long.", _LESS_RU, _LESS_EN),
    "value_large": (
        "limit",
        "Значение слишком велико или слишком глубоко вложено.",
        "The value is too large or nested too deeply.",
        _LESS_RU,
        _LESS_EN,
    ),
    "fuel": (
        "limit",
        "Вычисление слишком долгое и остановлено.",
        "The evaluation takes too long and was stopped.",
        _LESS_RU,
        _LESS_EN,
    ),
}
