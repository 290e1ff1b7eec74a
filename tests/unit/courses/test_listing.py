"""Lists of accounts as people have them: typed, of every spreadsheet, in every encoding; nothing is passed over."""

import pytest

from app.courses.access import listing
from app.courses.access.listing import Person
from app.errors import Invalid


def accounts(found: listing.Listed) -> list[str]:
    return [one.account for one in found.people]


def test_typed_lines_hold_addresses_names_and_user_names() -> None:
    found = listing.read("anna@x.by\n\n Борис Гирин <boris@x.by> \nc.petrov\n")
    assert found.people == (Person("anna@x.by"), Person("boris@x.by", "Борис Гирин"), Person("c.petrov"))


def test_names_that_stand_there_twice_count_once_whatever_their_case() -> None:
    found = listing.read("anna@x.by\nANNA@x.by\n", b"e-mail\nanna@X.by\npavel@x.by\n")
    assert accounts(found) == ["anna@x.by", "pavel@x.by"]
    assert found.repeated == 2


TABLE = "ФИО;Эл. почта;Организация\nСофия Прохорова;sofia@x.by;БелГИМ\nПавел Гирин;pavel@x.by;КазСтандарт\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_table_of_any_spreadsheet_is_read(encoding: str, delimiter: str) -> None:
    found = listing.read("", TABLE.replace(";", delimiter).encode(encoding))
    assert found.people == (Person("sofia@x.by", "София Прохорова"), Person("pavel@x.by", "Павел Гирин"))


def test_a_table_without_headings_and_with_quoted_cells_is_read() -> None:
    found = listing.read("", b'"Prokhorova, Sofia",sofia@x.by\r\n"Girin, Pavel",pavel@x.by\r\n')
    assert found.people == (Person("sofia@x.by", "Prokhorova, Sofia"), Person("pavel@x.by", "Girin, Pavel"))


def test_lines_without_an_account_are_named_with_their_numbers() -> None:
    with pytest.raises(Invalid, match="2: Павел Гирин; 4: не знаю"):
        listing.read("anna@x.by\nПавел Гирин\nc.petrov\nне знаю")


@pytest.mark.parametrize("content", [b"", b"  \n", b"e-mail\n"])
def test_an_empty_list_says_so(content: bytes) -> None:
    with pytest.raises(Invalid, match="at least one"):
        listing.read(" \n", content)


def test_a_workbook_is_no_list() -> None:
    with pytest.raises(Invalid):
        listing.read("", b"PK\x03\x04\x00\x00\x00binary\x00")


def test_more_than_the_most_and_larger_than_the_largest_are_refused_before_anything_is_done() -> None:
    assert len(listing.read("\n".join(f"n{number}@x.by" for number in range(1000))).people) == 1000
    with pytest.raises(Invalid, match="more than 1000"):
        listing.read("\n".join(f"n{number}@x.by" for number in range(1001)))
    with pytest.raises(Invalid, match="1 MB"):
        listing.read("", b"x" * (listing.LARGEST + 1))


def test_for_letters_user_names_will_not_do() -> None:
    with pytest.raises(Invalid, match=r"1: c\.petrov"):
        listing.read("c.petrov", addresses=True)


def test_a_formula_in_a_cell_is_text_and_no_account() -> None:
    with pytest.raises(Invalid):
        listing.read('=HYPERLINK("http://x")')
