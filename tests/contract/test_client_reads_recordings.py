"""Every recorded answer of a real Moodle, as the client takes it: data, or a failure of the right kind and code."""

from typing import Any

import pytest

from app.connectors.moodle import Access, Client, Closed, Later, NewCourse, Refused, answers
from tests.contract.recordings import Recording, of
from tests.contract.replaying import SITE, TOKEN, Replay, every, sent

KINDS: dict[str, type[Exception]] = {"invalidtoken": Closed, "sitemaintenance": Later, "dbconnectionfailed": Later}
"""All other error codes concern the one request."""
COURSE = "core_course_get_courses_by_field"


def client(*recordings: Recording) -> tuple[Client, Replay]:
    replay = Replay(*recordings)
    return Client(Access(SITE, TOKEN, 2), lambda: replay), replay


def failure_of(recording: Recording) -> tuple[type[Exception], str] | None:
    """What the recording must become, by the contract's table; None for an answer."""
    if recording.status != 200:
        kind: type[Exception] = Later if recording.status == 503 else Closed
        return kind, f"http_{recording.status}"
    if not recording.is_json:
        return Later, "not_json"
    if not isinstance(recording.response, dict) or "exception" not in recording.response:
        return None
    code = recording.response.get("errorcode", "program_fault")
    return (Refused, "by_hand") if code == "accessexception" else (KINDS.get(code, Refused), code)


@pytest.mark.parametrize("recording", every(), ids=lambda one: one.name)
def test_every_recorded_answer_is_data_or_a_failure_of_its_kind(recording: Recording) -> None:
    asking, replay = client(recording, of("core_webservice_get_site_info"))
    wanted = failure_of(recording)
    if wanted is None:
        found = asking.call(recording.function, recording.params)
        assert found == without_secret(recording.response)
    else:
        with pytest.raises(wanted[0]) as caught:
            asking.call(recording.function, recording.params)
        assert caught.value.code == wanted[1]  # type: ignore[attr-defined]  # all three kinds have one
        assert TOKEN not in str(caught.value)
        assert "<" not in str(caught.value)
    fixed = {"wstoken": TOKEN, "wsfunction": recording.function, "moodlewsrestformat": "json"}
    assert replay.asked[0] == {**fixed, "moodlewssettinglang": "en", **sent(recording)}


def without_secret(response: Any) -> Any:
    if isinstance(response, dict):
        return {name: value for name, value in response.items() if name != "userprivateaccesskey"}
    return response


WARNED = [one for one in every() if isinstance(one.response, dict) and one.response.get("warnings")]


@pytest.mark.parametrize("recording", WARNED, ids=lambda one: one.name)
def test_warnings_are_failures_with_their_code(recording: Recording) -> None:
    with pytest.raises(Refused) as caught:
        answers.demand_no_warnings(recording.response)
    assert caught.value.code == recording.response["warnings"][0]["warningcode"]


def test_a_course_is_read_as_it_was_recorded() -> None:
    asking, _ = client(of(COURSE, "by-idnumber"))
    [found] = asking.by_idnumber("COOMET-UNC-01")
    assert (found.id, found.category, found.visible) == (2, 2, True)
    assert found.enrolment == ("manual", "guest")
    assert not found.has_image
    assert found.summary.endswith("<p>COPYRIGHT © COOMET 2026</p>")


def test_nothing_found_is_none_and_a_hidden_course_is_hidden() -> None:
    assert client(of(COURSE, "none-found"))[0].by_id(7) is None
    [hidden] = client(of(COURSE, "hidden-as-manager"))[0].by_shortname("COOMET-CMC-02")
    assert not hidden.visible


def test_the_site_says_what_it_is_and_what_we_may_call_but_its_secret_is_not_kept() -> None:
    site = client(of("core_webservice_get_site_info"))[0].site()
    assert site.release.startswith("4.5.6")
    assert site.missing() == ()
    assert "userprivateaccesskey" not in repr(site)


def test_contents_categories_and_enrolment_methods_are_read() -> None:
    sections = client(of("core_course_get_contents"))[0].contents(2)
    assert "quiz" in {module["modname"] for section in sections for module in section["modules"]}
    assert client(of("core_course_get_categories", "all"))[0].category(2) == "COOMET"
    assert client(of("core_enrol_get_course_enrolment_methods"))[0].enrolment_methods(2) == ["guest"]


def test_a_course_made_public_against_our_wish_is_hidden_again_or_named() -> None:
    """Without the right to hide, `visible=0` is ignored without a word (recorded): never a silent public course."""
    public = of(COURSE, "hidden-without-visibility-capability")
    refused = of("core_course_update_courses", "without-visibility-capability")
    nothing = of(COURSE, "none-found")
    made = of("core_course_create_courses", "hidden-without-visibility-capability")
    asking, _ = client(nothing, nothing, made, public, public, public, refused)
    new = NewCourse("", "COOMET-VIS-05", "Again")
    with pytest.raises(Refused) as caught:
        asking.create(new)
    assert caught.value.code == "public_at_once"
    assert "8" in str(caught.value)


@pytest.mark.parametrize("case", ["missing-capability", "foreign-sector", "without-visibility-capability"])
def test_a_missing_right_for_a_step_is_for_a_person(case: str) -> None:
    hidden = of(COURSE, "after-annul")
    asking, _ = client(hidden, of("core_course_update_courses", case))
    with pytest.raises(Refused) as caught:
        asking.set_visible(6, visible=True)
    assert caught.value.code == "by_hand"


def test_a_script_that_the_site_drops_is_no_difference_but_other_words_are() -> None:
    before, after = of(COURSE, "after-annul"), of(COURSE, "after-summary")
    update = of("core_course_update_courses", "summary")
    asking, _ = client(before, update, after)
    assert asking.describe(6, "<p>New text</p><script>alert(1)</script>").summary == "<p>New text</p>"
    asking, _ = client(before, update, after)
    with pytest.raises(Refused) as caught:
        asking.describe(6, "<p>Other text</p>")
    assert caught.value.code == "not_kept"
