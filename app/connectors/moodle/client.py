"""The functions of the platform that the program uses, as plain Python. Every write is read back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.connectors.moodle import addresses, answers, failures, texts
from app.connectors.moodle.failures import BY_HAND, Closed, Later, Refused
from app.connectors.moodle.parameters import flatten

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

DEADLINE = 20.0
LARGEST = 16_000_000
SITE_INFO = "core_webservice_get_site_info"
FIND = "core_course_get_courses_by_field"
CREATE = "core_course_create_courses"
UPDATE = "core_course_update_courses"
CONTENTS = "core_course_get_contents"
CATEGORIES = "core_course_get_categories"
ENROLMENT = "core_enrol_get_course_enrolment_methods"
NEEDED = (SITE_INFO, FIND, CREATE, UPDATE)
"""Without one of these a step there is done by hand."""
USEFUL = (CATEGORIES, CONTENTS, ENROLMENT)


@dataclass(frozen=True, slots=True)
class Access:
    """Where the platform is and how we may enter. `private`: this machine's network may be reached (demo, tests)."""

    url: str
    token: str = field(repr=False)
    category: int = 0
    private: bool = False
    deadline: float = DEADLINE
    largest: int = LARGEST


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What the platform is and what our account may call there."""

    release: str
    url: str
    account: str
    functions: frozenset[str]

    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in NEEDED if name not in self.functions)


@dataclass(frozen=True, slots=True)
class PlatformCourse:
    """A course as it is on the platform; `image_sizes` in bytes, as far as they are told."""

    id: int
    idnumber: str
    shortname: str
    fullname: str
    category: int
    visible: bool
    summary: str
    has_image: bool
    image_sizes: tuple[int, ...]
    enrolment: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class NewCourse:
    """`idnumber` is how we know it again; `shortname` is unique on the platform."""

    idnumber: str
    shortname: str
    fullname: str
    summary: str = ""


class Client:
    """Raises Later (try again), Closed (nothing goes until a person has looked) and Refused (this will not do)."""

    def __init__(self, access: Access, adapter: "Callable[[], BaseAdapter] | None" = None) -> None:
        base, self._rules = addresses.read(access.url, private=access.private)
        self.access = replace(access, url=base)
        self._adapter = adapter

    def __repr__(self) -> str:
        return f"Client({self.access.url})"

    def call(self, function: str, params: Mapping[str, Any]) -> Any:
        """The answer as plain data; warnings are left for the caller to judge."""
        from app.connectors.moodle import connections  # 8 MB that a web process, which calls nobody, does not need

        fixed = {"wstoken": self.access.token, "wsfunction": function, "moodlewsrestformat": "json"}
        fields = flatten({**fixed, "moodlewssettinglang": "en", **params})
        address = f"{self.access.url}/webservice/rest/server.php"
        adapter = self._adapter() if self._adapter else None
        with connections.watching(self._rules, self.access.deadline) as watch:
            reply = connections.post(address, fields, watch, adapter=adapter, most=self.access.largest)
        try:
            return answers.read(reply.status, reply.content_type, reply.body)
        except Refused as refusal:
            raise self._explained(function, refusal) from None

    def _explained(self, function: str, refusal: Refused) -> Exception:
        """`accessexception` is said of a missing function and of an expired token alike: ask which it is."""
        if refusal.code != "accessexception":
            return refusal
        if function == SITE_INFO:
            return Closed(refusal.code, "the token is refused (expired, or not allowed from this machine)")
        if function in self.site().functions:
            return Closed(refusal.code, f"the function {function} is refused although the service holds it")
        return Refused(BY_HAND, f"the function {function} is not in the service of our account")

    # --- asking ----------------------------------------------------------------------------------------------------

    def site(self) -> SiteInfo:
        answer = _object(self.call(SITE_INFO, {}))
        functions = frozenset(str(row.get("name")) for row in _rows(answer.get("functions")))
        return SiteInfo(
            str(answer.get("release", "")), str(answer.get("siteurl", "")), str(answer.get("username", "")), functions
        )

    def category(self, ident: int) -> str | None:
        """Its name; None where there is none that we may see."""
        found = _rows(self.call(CATEGORIES, {"criteria": [{"key": "id", "value": ident}], "addsubcategories": 0}))
        return next((str(row.get("name")) for row in found if row.get("id") == ident), None)

    def category_is_shown(self, site: SiteInfo) -> bool:
        """Whether COOMET's category is there; not asked where the service does not hold the function."""
        return CATEGORIES not in site.functions or self.category(self.access.category) is not None

    def by_id(self, ident: int) -> PlatformCourse | None:
        return next((one for one in self._find("id", ident) if one.id == ident), None)

    def by_idnumber(self, idnumber: str) -> list[PlatformCourse]:
        return [one for one in self._find("idnumber", idnumber) if one.idnumber == idnumber]

    def by_shortname(self, shortname: str) -> list[PlatformCourse]:
        return self._find("shortname", shortname)

    def _find(self, by: str, value: int | str) -> list[PlatformCourse]:
        """An empty list may also mean that our account may not see it."""
        answer = _object(self.call(FIND, {"field": by, "value": value}))
        answers.demand_no_warnings(answer)
        return [self._course(row) for row in _rows(answer.get("courses"))]

    def contents(self, ident: int) -> list[dict[str, Any]]:
        """Sections with their modules, as the platform gives them."""
        return _rows(self.call(CONTENTS, {"courseid": ident}))

    def enrolment_methods(self, ident: int) -> list[str]:
        """Kinds of the enabled ones that people use themselves: guest, self."""
        return [str(row.get("type")) for row in _rows(self.call(ENROLMENT, {"courseid": ident})) if row.get("status")]

    def url_of(self, ident: int) -> str:
        return f"{self.access.url}/course/view.php?id={ident}"

    # --- changing --------------------------------------------------------------------------------------------------

    def create(self, new: NewCourse) -> PlatformCourse:
        """The hidden course of that idnumber, made unless it is there; safe to repeat. Raises Refused too.

        An answer may get lost after the work was done, so a course is looked for before one is made, and again when
        the platform says that there is one.
        """
        found = self.ours(new)
        if found is None:
            found = self._create(new)
        if found.visible:
            found = self._hide_again(found)
        if found.category != self.access.category:
            raise Refused("other_category", f"the course {found.id} stands in another category than COOMET's")
        return found

    def ours(self, new: NewCourse) -> PlatformCourse | None:
        """Raises Refused where several courses, or somebody else's, answer to the name.

        Either look may be answered by an empty list though the course is there: what one of them finds counts.
        """
        known, named = self.by_idnumber(new.idnumber), self.by_shortname(new.shortname)
        found = {one.id: one for one in (*known, *named) if one.idnumber == new.idnumber}
        if len(found) > 1:
            raise Refused(failures.UNDECIDED, f"several courses have the ID number {new.idnumber}")
        if not found and named:
            message = f"the short name {new.shortname} belongs to another course (id {named[0].id})"
            raise Refused(failures.NAME_TAKEN, message)
        return next(iter(found.values()), None)

    def _create(self, new: NewCourse) -> PlatformCourse:
        row = {
            "fullname": new.fullname,
            "shortname": new.shortname,
            "categoryid": self.access.category,
            "idnumber": new.idnumber,
            "summary": new.summary,
            "summaryformat": 1,
            "format": "topics",
            "visible": 0,
            "enablecompletion": 1,
        }
        try:
            self._permitted(CREATE, {"courses": [row]})
        except Refused as refusal:
            if refusal.code not in ("shortnametaken", "courseidnumbertaken"):
                raise
            found = self.ours(new)
            if found is None:
                message = f"the short name {new.shortname} belongs to a course that our account cannot see"
                raise Refused(failures.NAME_TAKEN, message) from None
            return found
        made = self.ours(new)
        if made is None:
            raise Later(failures.NOT_FOUND, "the course was made, and yet it cannot be found")
        return made

    def _hide_again(self, made: PlatformCourse) -> PlatformCourse:
        """Where our account may not hide, the platform makes the course public without a word."""
        try:
            return self.set_visible(made.id, visible=False)
        except Refused as refusal:
            message = f"the new course {made.id} is public at once, and our account may not hide it ({refusal.code})"
            raise Refused(failures.PUBLIC, message) from None

    def describe(self, ident: int, html: str) -> PlatformCourse:
        """Write the description; compared after reading back by its words, since markup is cleaned there."""
        before = self._get(ident)
        if texts.same(before.summary, html):
            return before
        self._update({"id": ident, "summary": html, "summaryformat": 1})
        after = self._get(ident)
        if not texts.same(after.summary, html):
            raise Refused("not_kept", "the platform has kept another description than the one sent")
        return after

    def set_visible(self, ident: int, *, visible: bool) -> PlatformCourse:
        before = self._get(ident)
        if before.visible == visible:
            return before
        self._update({"id": ident, "visible": int(visible)})
        after = self._get(ident)
        if after.visible != visible:
            raise Refused("not_kept", "the platform has not kept the visibility that was set")
        return after

    def _get(self, ident: int) -> PlatformCourse:
        found = self.by_id(ident)
        if found is None:
            message = f"the course {ident} is not there, or not shown to our account"
            raise Refused(failures.NOT_FOUND, message)
        return found

    def _update(self, row: Mapping[str, Any]) -> None:
        try:
            answers.demand_no_warnings(self._permitted(UPDATE, {"courses": [row]}))
        except Refused as refusal:
            raise _by_hand(refusal) from None

    def _permitted(self, function: str, params: Mapping[str, Any]) -> Any:
        try:
            return self.call(function, params)
        except Refused as refusal:
            raise _by_hand(refusal) from None

    def _course(self, row: Mapping[str, Any]) -> PlatformCourse:
        ident, visible = row.get("id"), row.get("visible", 1)
        if not isinstance(ident, int) or visible not in (0, 1):
            raise answers.unexpected()
        return PlatformCourse(
            id=ident,
            idnumber=str(row.get("idnumber") or ""),
            shortname=str(row.get("shortname") or ""),
            fullname=str(row.get("fullname") or ""),
            category=int(row.get("categoryid") or 0),
            visible=bool(visible),
            summary=str(row.get("summary") or ""),
            has_image=bool(row.get("overviewfiles")),
            image_sizes=tuple(int(file.get("filesize") or 0) for file in _rows(row.get("overviewfiles") or [])),
            enrolment=tuple(str(one) for one in row.get("enrollmentmethods") or ()),
            url=self.url_of(ident),
        )


_by_hand, _object, _rows = failures.for_a_person, answers.demand_object, answers.demand_rows
