"""What the tests of connections share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract import serving


@pytest.fixture
def site(tmp_path: Path) -> Iterator[serving.Site]:
    """The stand-in at a port of this machine."""
    yield from serving.serve(tmp_path)
