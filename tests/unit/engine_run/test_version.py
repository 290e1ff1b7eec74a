"""The engine starts with the one version of the library that it was written for, and says so otherwise."""

import pytest

from app.engine import library
from app.engine.version import LIBRARY_VERSION, LibraryMismatch, check_members, check_version


def test_the_installed_library_is_the_right_one() -> None:
    check_version()
    check_members(vars(library))


def test_another_version_is_refused() -> None:
    check_version(LIBRARY_VERSION)
    with pytest.raises(LibraryMismatch, match=r"3\.1\.2 is installed"):
        check_version("3.1.2")


def test_a_member_that_is_gone_is_named() -> None:
    with pytest.raises(LibraryMismatch, match=r"Task\._no_such, TaskSpec\._neither"):
        check_members(vars(library), {"Task": ("run", "_no_such"), "TaskSpec": ("_neither",)})
