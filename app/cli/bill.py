"""`sbom`: what the program is made of, as CycloneDX, from the lock files; for `pip-audit` and its like."""

import argparse
import json
import re
from pathlib import Path
from typing import Any

from app.cli.arguments import ROOT, Commands

_PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)[^\n]*((?:\n    --hash=sha256:[0-9a-f]{64}[^\n]*)*)", re.M)


def add(commands: Commands) -> None:
    commands.add("sbom", show, "the bill of materials (CycloneDX JSON) on standard output")


def show(_arguments: argparse.Namespace) -> int:
    print(json.dumps(compose(ROOT), indent=1))
    return 0


def compose(root: Path) -> dict[str, Any]:
    """Python packages of requirements.lock and npm packages of the front end; the same text gives the same bill."""
    components = [*_python(root / "requirements.lock"), *_npm(root / "app/web/assets/package-lock.json")]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}


def _python(lock: Path) -> list[dict[str, Any]]:
    return [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "hashes": [{"alg": "SHA-256", "content": one} for one in re.findall(r"sha256:([0-9a-f]{64})", hashes)],
        }
        for name, version, hashes in _PINNED.findall(lock.read_text("utf-8"))
    ]


def _npm(lock: Path) -> list[dict[str, Any]]:
    if not lock.exists():  # the image has no sources of the front end
        return []
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    named = {(path.rpartition("node_modules/")[2], facts["version"]) for path, facts in packages.items() if path}
    return [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:npm/{name.replace('@', '%40')}@{version}"}
        for name, version in sorted(named)
    ]
