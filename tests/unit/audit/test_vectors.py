"""The published vectors: the verifier, run as anybody would run it, finds in each what the index says and no more."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.audit.export import OFFLINE
from tests.vectors import make
from tests.vectors.tampering import VECTORS

HERE = make.HERE
VERIFIER = OFFLINE / "verify.py"
INDEX = {one["name"]: one for one in json.loads((HERE / "index.json").read_text("utf-8"))}


def verify(*arguments: object, language: str = "en") -> tuple[int, str]:
    """Exit code and what is said; in isolation, so that nothing of the program can be imported."""
    environment = {**os.environ, "LANG": language, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env=environment, check=False, cwd="/", encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def arguments_of(name: str) -> list[object]:
    entry = INDEX[name]
    found: list[object] = [HERE / f"{name}.zip"]
    for option in ("checkpoints", "personal"):
        if entry[option]:
            found += [f"--{option}", HERE / entry[option]]
    return [*found, "--trust", entry["trust"]] if entry["trust"] else found


@pytest.mark.requirement("X-3")
@pytest.mark.parametrize("name", list(VECTORS))
def test_each_vector_fails_for_its_own_reason(name: str) -> None:
    code, said = verify(*arguments_of(name))
    assert set(re.findall(r"^\[([\w-]+)\]", said, re.MULTILINE)) == set(INDEX[name]["finds"]), said
    assert code == int(bool(INDEX[name]["finds"]))


def test_there_are_enough_of_them() -> None:
    assert len([one for one in INDEX.values() if one["finds"]]) >= 15
    assert len({code for one in INDEX.values() for code in one["finds"]}) >= 15


@pytest.mark.parametrize("name", list(VECTORS))
def test_the_script_makes_the_published_vectors_again(name: str) -> None:
    data, opened = make.made(VECTORS[name])
    with zipfile.ZipFile(io.BytesIO(data)) as fresh, zipfile.ZipFile(HERE / f"{name}.zip") as published:
        assert fresh.namelist() == published.namelist()
        assert all(fresh.read(name) == published.read(name) for name in set(fresh.namelist()))
    if VECTORS[name].personal:
        assert opened == (HERE / make.PERSONAL.format(name=name)).read_text("utf-8")
    assert json.loads((HERE / "index.json").read_text("utf-8")) == make.index()


def test_what_cannot_be_proven_is_said_in_both_languages() -> None:
    _code, said = verify(HERE / "good.zip")
    assert "erased: 2" in said
    assert "Not proven:" in said
    assert "no outside copy" in said
    assert "under no checkpoint yet: 2" in said
    _code, said = verify(HERE / "good.zip", "--checkpoints", HERE / "outside", language="ru_RU.UTF-8")
    assert "Не доказано:" in said
    assert "событий новее внешней копии" not in said
    _code, said = verify(HERE / "body-edited.zip", language="ru_RU.UTF-8")
    assert "[chain] instance i1 2: событие изменено или не следует за предыдущим" in said


def test_what_is_no_export_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"not a zip")
    assert verify(tmp_path / "x.zip")[0] == 1
    assert verify(tmp_path / "absent.zip")[0] == 1
    for said in (verify(tmp_path / "x.zip")[1], verify(tmp_path / "absent.zip")[1]):
        assert said.startswith("[format]")
        assert "Traceback" not in said


def test_the_verifier_is_short_and_stands_alone() -> None:
    text = VERIFIER.read_text("utf-8")
    assert text.count("\n") <= 300
    assert not re.search(r"^\s*(from|import) app\b", text, re.MULTILINE)


def test_outside_copies_may_be_letters_saved_from_a_mail_program(tmp_path: Path) -> None:
    from app.connectors.mail.message import Message, as_email

    line = (HERE / "outside" / "checkpoint-000000000014.json").read_text("utf-8").strip()
    text = f"Контрольная точка журнала\n\n{line}\n\nСохраните это письмо."
    letter = as_email(Message("<x@y>", "A", "a@example.org", "Checkpoint", text), "b@example.org")
    (tmp_path / "letter.eml").write_bytes(letter.as_bytes())
    code, said = verify(HERE / "limit-rewritten-without-outside-copy.zip", "--checkpoints", tmp_path)
    assert code == 1
    assert "[outside-root] 14" in said
