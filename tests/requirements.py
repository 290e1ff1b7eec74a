"""The `requirement` marker: which test shows which requirement, and how it fared in the last run.

`python -m tests.requirements [--json]` lists the ids of `tests/requirements.json` (taken from the project's reading of
COOMET recommendation R/TR/XX:202_, draft) and exits 0 only when each is shown by a test that passed, and no test of
it failed; one that was skipped (there is no real Moodle site here) shows nothing either way.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

LISTED = Path(__file__).with_name("requirements.json")
RESULTS = "requirements-results.json"

Results = dict[str, dict[str, str]]
"""Requirement id → test id → outcome."""


def data_folder() -> Path:
    return Path(os.environ.get("COOMET_TEST_DATA", Path(__file__).parents[1] / "data"))


def listed_ids() -> list[str]:
    rows: list[dict[str, str]] = json.loads(LISTED.read_text("utf-8"))
    return [row["id"] for row in rows]


class Recorder:
    """Collects the outcome of marked tests in the process that reports, with or without worker processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outcomes: dict[str, dict[str, str]] = defaultdict(dict)
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        parts = Path(report.nodeid.split("::")[0]).parts
        self.seconds["/".join(parts[:2])] += report.duration
        ids = [value for name, value in report.user_properties if name == "requirement"]
        for id_ in ids:
            known = self.outcomes[str(id_)].get(report.nodeid)
            if known in (None, "passed"):
                self.outcomes[str(id_)][report.nodeid] = report.outcome

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("seconds per folder")
        for folder, seconds in sorted(self.seconds.items(), key=lambda row: -row[1]):
            terminalreporter.write_line(f"{seconds:8.1f}  {folder}")

    def pytest_sessionfinish(self) -> None:
        if not self.outcomes:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / RESULTS
        known: Results = json.loads(path.read_text("utf-8")) if path.exists() else {}
        for id_, outcomes in self.outcomes.items():
            known[id_] = outcomes
        path.write_text(json.dumps(known, indent=1), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(data_folder()), "requirements-recorder")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ids = set(listed_ids())
    for item in items:
        for marker in item.iter_markers("requirement"):
            for id_ in marker.args:
                if id_ not in ids:
                    raise pytest.UsageError(f"{item.nodeid} is marked with {id_}, which is no requirement")
                item.user_properties.append(("requirement", id_))


def state_of(outcomes: Mapping[str, str]) -> str:
    """ok: a test passed and none failed. One that was skipped (there is no real site here) shows nothing either way."""
    found = set(outcomes.values())
    if "failed" in found:
        return "FAILED"
    return "ok" if "passed" in found else "not run"


def summarise() -> dict[str, object]:
    """{"total", "passing", "missing": ids that no test has shown, "failing": ids with a test that failed}."""
    path = data_folder() / RESULTS
    results: Results = json.loads(path.read_text("utf-8")) if path.exists() else {}
    ids = listed_ids()
    states = {id_: state_of(results.get(id_, {})) for id_ in ids}
    missing = [id_ for id_ in ids if states[id_] == "not run"]
    failing = [id_ for id_ in ids if states[id_] == "FAILED"]
    passing = len(ids) - len(missing) - len(failing)
    return {"total": len(ids), "passing": passing, "missing": missing, "failing": failing, "results": results}


def main(arguments: list[str]) -> int:
    summary = summarise()
    results = summary.pop("results")
    if "--json" in arguments:
        print(json.dumps(summary))
    else:
        assert isinstance(results, dict)
        for id_ in listed_ids():
            outcomes: dict[str, str] = results.get(id_, {})
            print(f"{id_:8} {state_of(outcomes):8} {'; '.join(outcomes)}")
        print(f"{summary['passing']} of {summary['total']} shown by passing tests")
    return 0 if summary["passing"] == summary["total"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
