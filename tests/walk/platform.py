"""The platform as Moodle's own protocol and a learner's page show it; nothing of the program is asked."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

STAND_IN = "stand-in-manager"
SETTINGS = ("MOODLE_URL", "MOODLE_TOKEN", "MOODLE_CATEGORY")
STUDENT = 6
"""An account of the stand-in that may do nothing but learn."""


@dataclass(frozen=True, slots=True)
class Platform:
    """`url` is that of the site, `token` that of an account which may see COOMET's category."""

    url: str
    token: str
    real: bool = False
    """A site with courses of its own and a login page: what stood there before the walk is not the walk's."""
    before: set[int] = field(default_factory=set)

    def call(self, function: str, **params: str | int) -> Any:
        fields = {"wstoken": self.token, "wsfunction": function, "moodlewsrestformat": "json", **params}
        answer = requests.post(f"{self.url}/webservice/rest/server.php", data=fields, timeout=30)
        return answer.json()

    def course(self, *titles: str) -> dict[str, Any] | None:
        """The course whose full name holds one of the titles."""
        return next(iter(self.courses(*titles)), None)

    def courses(self, *titles: str) -> list[dict[str, Any]]:
        """All that the walk has made there under one of these titles."""
        found = self.call("core_course_get_courses_by_field")["courses"]
        ours = [one for one in found if any(title in one["fullname"] for title in titles)]
        return [one for one in ours if one["id"] not in self.before]

    def demand(self, *titles: str) -> dict[str, Any]:
        found = self.course(*titles)
        assert found is not None, f"the platform has no course {titles}"
        return found

    def learner_enrols(self, course: int) -> bool:
        """The button “Enrol me” of an account without any right there (4.6)."""
        if self.real:  # there somebody would have to sign in
            return True
        fields = {"id": course, "account": STUDENT}
        return requests.post(f"{self.url}/enrol/index.php", data=fields, timeout=30).status_code == 200

    def learner_sees(self, course: int) -> bool:
        """A real site shows its login page to everybody: there the course's own mark is what can be read."""
        if self.real:
            found = self.call("core_course_get_courses_by_field", field="id", value=course)["courses"]
            return bool(found and found[0]["visible"])
        return requests.get(f"{self.url}/course/view.php", params={"id": course}, timeout=30).status_code == 200

    def leave(self, *titles: str) -> None:
        """Nothing is deleted on a real site: the walk's course is hidden, and its short name is free for the next."""
        for one in self.courses(*titles):
            changed = {"id": one["id"], "visible": 0, "shortname": f"WALK-{one['idnumber']}"[:100]}
            told = self.call("core_course_update_courses", **{f"courses[0][{key}]": to for key, to in changed.items()})
            assert not (told or {}).get("warnings"), f"the platform keeps the walk's course {one['id']}: {told}"


def real() -> Platform:
    """The site that the environment names, with what stands there already. LookupError says which setting is absent."""
    absent = [name for name in SETTINGS if not os.environ.get(name)]
    if absent:
        raise LookupError(f"--moodle needs a site: {', '.join(absent)} not set")
    site = Platform(os.environ["MOODLE_URL"].rstrip("/"), os.environ["MOODLE_TOKEN"], real=True)
    site.before.update(one["id"] for one in site.call("core_course_get_courses_by_field")["courses"])
    return site


def choose(asked: bool) -> Callable[[str], Platform]:
    """What gives the platform of a demo at an address: the real one if asked for, else the demo's stand-in.

    A site named in the environment is none of a walk's that was not asked to go there.
    """
    if asked:
        site = real()
        return lambda _base: site
    for name in SETTINGS:
        os.environ.pop(name, None)
    return lambda base: Platform(f"{base}/moodle", STAND_IN)
