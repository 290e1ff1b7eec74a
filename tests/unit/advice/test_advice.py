"""What an author is told about real files made by other people and programs."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Inches, Pt
from sqlalchemy.orm import Session

from app import clock
from app.courses.advice import Advice, looks, of_file
from app.courses.advice.models import FileLook
from app.files import looking
from app.files.models import File
from app.files.store import path_of, store
from app.i18n import gettext, use_locale
from app.workflow.models import Job
from app.workflow.operations import Context

SAMPLES = Path(__file__).parents[2] / "samples"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Desk:
    """An author's uploads, and the worker that looks into them."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.root = session, folder / "files"
        looks.install(self.root)

    def upload(self, content: bytes, name: str) -> dict[str, Advice]:
        """Rule -> advice on the file, once it was looked into."""
        file = store(self.root, self.session, BytesIO(content), name, "author", 100 << 20)
        if looking.can_look(file.kind):
            assert [one.rule for one in of_file(self.session, file)] == ["pending"]
            self.work(file.id)
        return {one.rule: one for one in of_file(self.session, file)}

    def work(self, file: str) -> None:
        (operation,) = looks.OPERATIONS
        context = Context(self.session, None, None, "system:worker", clock.now(), "key")
        assert operation.outside is not None
        answer = operation.outside.act(operation.outside.prepare(context, file=file), "key")
        operation.run(context, file=file, answer=answer)

    def sample(self, name: str) -> dict[str, Advice]:
        return self.upload((SAMPLES / name).read_bytes(), name)


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return Desk(session, tmp_path)


def said(advice: Advice, locale: Any = "en") -> str:
    with use_locale(locale):
        return gettext(advice.message, **advice.params)


def deck(**how: Any) -> bytes:
    """A presentation of two slides, the second one a list of links where asked."""
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    box = slide.shapes.add_textbox(Inches(0), Inches(1), Inches(4), Inches(3))
    for index, font in enumerate(how.get("fonts", ["Arial"])):
        run = box.text_frame.paragraphs[0].add_run()
        run.text, run.font.name, run.font.size = f"Взвешивание гирь, часть {index}. ", font, Pt(20)
        run.font.underline = how.get("underline")
    for index in range(how.get("colours", 0)):
        run = box.text_frame.paragraphs[0].add_run()
        run.text, run.font.name, run.font.color.rgb = "Цвет", "Arial", RGBColor(10 * index, 0x64, 0xC8)  # type: ignore[no-untyped-call]  # the library has no types
    if "picture" in how:
        picture = (SAMPLES / "splash-coffee.png").open("rb")
        with picture:
            slide.shapes.add_picture(picture, Inches(how["picture"]), Inches(1), Inches(3))
    last = made.slides.add_slide(made.slide_layouts[6])
    run = last.shapes.add_textbox(0, 0, Inches(5), Inches(1)).text_frame.paragraphs[0].add_run()
    run.text, run.font.name = "Опрос", how.get("fonts", ["Arial"])[0]
    if how.get("link"):
        run.hyperlink.address = "https://survey.example/1"
    whole = BytesIO()
    made.save(whole)
    return whole.getvalue()


@pytest.mark.requirement("R6.7-d")
def test_a_serif_font_is_named(desk: Desk) -> None:
    advice = desk.sample("cyrillic-times.pptx")["serif"]
    assert not advice.good
    assert said(advice).startswith("Fonts with serifs: Times New Roman.")
    assert said(advice, "ru").startswith("Шрифты с засечками: Times New Roman.")
    assert desk.sample("google-slides-export.pptx")["serif"].good
    assert "Times" in said(desk.sample("many-fonts.pdf")["serif"])


@pytest.mark.requirement("R6.7-e")
def test_a_file_with_five_fonts_is_told_five(desk: Desk) -> None:
    fonts = ["Arial", "Calibri", "Verdana", "Georgia", "Tahoma"]
    advice = desk.upload(deck(fonts=fonts), "five.pptx")["fonts"]
    assert not advice.good
    assert said(advice) == "Fonts: 5 (Arial, Calibri, Georgia, Tahoma, Verdana). At most 3 are advised."
    assert said(advice, "ru").startswith("Шрифтов: 5 (")
    assert desk.upload(deck(fonts=fonts[:3]), "three.pptx")["fonts"].good


def test_weights_of_one_family_are_one_font(desk: Desk) -> None:
    assert desk.sample("underline-and-styles.pptx")["fonts"].params["fonts"] == "Calibri"
    assert desk.sample("manual-russian-xetex.pdf")["fonts"].params["count"] == 3


@pytest.mark.requirement("R6.7-c")
def test_more_than_three_colours_on_a_slide(desk: Desk) -> None:
    assert desk.upload(deck(colours=3), "three.pptx")["colours"].good
    advice = desk.upload(deck(colours=4), "four.pptx")["colours"]
    assert not advice.good
    assert "slides 1 (" in said(advice)


def test_underlined_text_that_is_no_link(desk: Desk) -> None:
    assert said(desk.sample("underline-and-styles.pptx")["underline"]).endswith("on slides 4.")
    assert not desk.upload(deck(underline=True), "u.pptx")["underline"].good
    assert desk.upload(deck(link=True), "l.pptx")["underline"].good


def test_a_picture_to_the_right_of_the_text(desk: Desk) -> None:
    assert not desk.upload(deck(picture=5), "right.pptx")["pictures"].good
    assert desk.upload(deck(), "none.pptx")["pictures"].good


@pytest.mark.requirement("R6.9-b")
def test_the_link_on_the_last_page(desk: Desk) -> None:
    assert desk.upload(deck(link=True), "with.pptx")["link"].good
    assert not desk.upload(deck(), "without.pptx")["link"].good
    without = desk.sample("manual-russian-xetex.pdf")["link"]
    assert not without.good
    assert "anonymous survey" in said(without)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("password-protected.pdf", "password"),
        ("image-only.pdf", "pictures without text"),
        ("old-binary-openoffice.ppt", "Save the file as .pptx"),
    ],
)
def test_what_cannot_be_looked_into_is_said(desk: Desk, name: str, words: str) -> None:
    advice = desk.sample(name)["unread"]
    assert not advice.good
    assert words in said(advice)
    assert said(advice, "ru") != said(advice)


def test_a_broken_file_is_said(desk: Desk) -> None:
    broken = b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n" * 3 + b"%%EOF\n"
    assert "could not be read" in said(desk.upload(broken, "broken.pdf")["unread"])


def test_the_same_content_is_looked_into_once(desk: Desk, session: Session) -> None:
    content = (SAMPLES / "image-only.pdf").read_bytes()
    for name in ("a.pdf", "b.pdf"):
        looks.wanted(session, store(desk.root, session, BytesIO(content), name, "author", 1 << 20))
    assert session.query(Job).filter(Job.operation == looks.NAME).count() == 1


@pytest.mark.requirement("R6.6-b")
@pytest.mark.parametrize(
    ("size", "good", "words"),
    [((600, 400), False, "small"), ((1512, 2688), False, "will be cut"), ((1920, 1080), True, "pixels.")],
)
def test_the_size_of_a_splash_is_told_and_a_copy_made_anew(
    desk: Desk, session: Session, size: tuple[int, int], good: bool, words: str
) -> None:
    whole = BytesIO()
    Image.new("RGB", size, "teal").save(whole, "JPEG")
    advice = desk.upload(whole.getvalue(), "splash.jpg")["size"]
    assert advice.good is good
    assert words in said(advice)
    assert f"{size[0]} × {size[1]} пикселей" in said(advice, "ru")
    (look,) = session.query(FileLook).all()
    assert look.shown_id is not None
    copy = session.get_one(File, look.shown_id)
    with Image.open(path_of(desk.root, copy.sha256)) as shown:
        assert shown.width <= 1280
        assert shown.height <= 720


@pytest.mark.requirement("R6.6-b")
def test_a_picture_cut_off_in_the_middle_is_said(desk: Desk) -> None:
    assert "could not be read" in said(desk.sample("splash-phone-portrait-ultrahdr.jpg")["unread"])
    assert desk.sample("splash-coffee.png")["size"].params == {"width": 600, "height": 400}
