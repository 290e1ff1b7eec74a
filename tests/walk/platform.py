"""The platform as Moodle's own protocol and a learner's page show it; nothing of the program is asked."""

from dataclasses import dataclass
from typing import Any

import requests

STAND_IN = "stand-in-manager"


@dataclass(frozen=True, slots=True)
class Platform:
    """`url` is that of the site, `token` that of an account which may see COOMET's category."""

    url: str
    token: str

    def call(self, function: str, **params: str | int) -> Any:
        fields = {"wstoken": self.token, "wsfunction": function, "moodlewsrestformat": "json", **params}
        answer = requests.post(f"{self.url}/webservice/rest/server.php", data=fields, timeout=30)
        return answer.json()

    def course(self, *titles: str) -> dict[str, Any] | None:
        """The course whose full name holds one of the titles."""
        found = self.call("core_course_get_courses_by_field")["courses"]
        return next((one for one in found if any(title in one["fullname"] for title in titles)), None)

    def demand(self, *titles: str) -> dict[str, Any]:
        found = self.course(*titles)
        assert found is not None, f"the platform has no course {titles}"
        return found

    def learner_sees(self, course: int) -> bool:
        return requests.get(f"{self.url}/course/view.php", params={"id": course}, timeout=30).status_code == 200
