"""Write the vectors: `python -m tests.vectors.make`. The same story gives the same bytes of every member."""

import io
import json
import warnings
import zipfile
from pathlib import Path

from app.audit import chain, export
from tests.vectors import story as told
from tests.vectors.tampering import VECTORS, Vector

HERE = Path(__file__).parent
OUTSIDE = "outside"
COMPANIONS = ("README.md", "README.ru.md", "verify.py")
PERSONAL = "{name}.personal.jsonl"


def made(vector: Vector) -> tuple[bytes, str]:
    """The zip, and the file that opens commitments."""
    story = told.record()
    if vector.part:
        story = story.narrowed("i1", "evidence")
    vector.act(story)
    target = io.BytesIO()
    export.write(target, story.content())
    opened = "".join(chain.canonical(one) + "\n" for one in story.opened)
    return _raw(target.getvalue(), vector.raw), opened


def _raw(data: bytes, how: str) -> bytes:
    """Without the files that go with every export, and changed as the attack wants it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            content = source.read(info)
            if info.filename in COMPANIONS:
                continue
            if how == "space" and info.filename == "events.jsonl":
                content = content.replace(b'":"', b'": "', 1)
            if how == "line" and info.filename == "documents.jsonl":
                content = b"".join(content.splitlines(keepends=True)[:-1])
            if how == "keys" and info.filename == "keys.json":
                content = chain.canonical({told.STRANGER.id: told.STRANGER.public.hex()}).encode()
            if how == "member" and info.filename == "checkpoints.jsonl":
                continue
            archive.writestr(info, content)
            if how == "twice" and info.filename == "events.jsonl":
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    archive.writestr(info, content)
    return target.getvalue()


def index() -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "finds": sorted(vector.finds),
            "checkpoints": OUTSIDE if vector.outside else None,
            "personal": PERSONAL.format(name=name) if vector.personal else None,
            "trust": told.FIRST.id if vector.trust else None,
            "about": (vector.act.__doc__ or "").strip().splitlines()[0] if vector.act.__doc__ else "",
        }
        for name, vector in VECTORS.items()
    ]


def main() -> None:
    for name, vector in VECTORS.items():
        data, opened = made(vector)
        (HERE / f"{name}.zip").write_bytes(data)
        if vector.personal:
            (HERE / PERSONAL.format(name=name)).write_text(opened, "utf-8")
    (HERE / OUTSIDE).mkdir(exist_ok=True)
    for point in told.record().points[1:]:
        (HERE / OUTSIDE / f"checkpoint-{point['size']:012}.json").write_text(chain.canonical(point) + "\n", "utf-8")
    (HERE / "index.json").write_text(json.dumps(index(), indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
