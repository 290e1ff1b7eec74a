"""The worked examples of the guide for analysts."""

from app.errors import N_
from app.i18n import Text
from app.web.studio.guide_steps import Example, Step, page

_SECOND = Text("Дать второе заключение", "Give a second opinion")
_FIRST = Text("Провести экспертизу курса", "Review the course")
_LETTER = Text(
    "Просим рассмотреть курс\n\n{{ recipient['name'] }}, откройте задачу: {{ task['link'] }}",
    "Please review the course\n\n{{ recipient['name'] }}, open the task: {{ task['link'] }}",
)
_WORKDAYS = Text("через … рабочих дней", "in … working days")


def examples() -> tuple[Example, ...]:
    """In the order in which one learns them. Needs a request: addresses are made."""
    return (_deadline(), _field(), _letter(), _reviewer())


def _diagram(path: str) -> Step:
    return page("studio_diagrams.show", N_("the diagram of the expert review"), path=path)


def _deadline() -> Example:
    return Example(
        "deadline",
        N_("Change a deadline"),
        N_("The reviewer is to have fifteen working days from the day the task opens, whatever the setting says."),
        (
            _diagram("processes/expert_review/expert_review.bpmn"),
            Step("choose", _FIRST, target="examine"),
            Step("pick", "When", _WORKDAYS),
            Step("fill", "How many", "15", literal=True),
            Step("see", value=Text("через 15 рабочих дней", "in 15 working days")),
        ),
    )


def _field() -> Example:
    return Example(
        "field",
        N_("Add a field to a form"),
        N_("Whoever receives the package is to say where the printed copy lies. The preview shows the form at once."),
        (
            page("studio_forms.show", N_("the form"), name="agreement_receipt"),
            Step("unfold", "Add a field"),
            Step("pick", "Kind of answer", Text("Строка текста", "Line of text")),
            Step("fill", "Name in conditions", "shelf", literal=True),
            Step("fill", "Question in Russian", "Где лежит бумажный экземпляр", literal=True),
            Step("fill", "Question in English", "Where the printed copy lies", literal=True),
            Step("press", "Add"),
            Step("see", value=Text("Где лежит бумажный экземпляр", "Where the printed copy lies")),
        ),
    )


def _letter() -> Example:
    return Example(
        "letter",
        N_("Add a letter"),
        N_("A letter named as a task's element takes the place of the common one when that task opens."),
        (
            page("studio_texts.listed", N_("letters and documents")),
            Step("pick", "What it is", N_("letter")),
            Step("pick", "Procedure", "expert_review", literal=True),
            Step("fill", "Identifier", "examine", literal=True),
            Step("press", "Make the text in both languages"),
            Step("fill", "In Russian", _LETTER.ru, literal=True),
            Step("fill", "In English", _LETTER.en, literal=True),
            Step("press", "Save"),
            Step("see", value="No findings"),
        ),
    )


def _reviewer() -> Example:
    return Example(
        "reviewer",
        N_("Add a second reviewer"),
        N_("After the first form for approval a second administrator gives an opinion, and only then is it recorded."),
        (
            page("studio_forms.listed", N_("the forms")),
            Step("fill", "Identifier", "second_opinion", literal=True),
            Step("fill", "Title in Russian", "Второе заключение", literal=True),
            Step("fill", "Title in English", "Second opinion", literal=True),
            Step("press", "Make the form"),
            Step("unfold", "Add a field"),
            Step("pick", "Kind of answer", Text("Текст из нескольких строк", "Text of several lines")),
            Step("fill", "Name in conditions", "opinion", literal=True),
            Step("fill", "Question in Russian", "Заключение", literal=True),
            Step("fill", "Question in English", "Opinion", literal=True),
            Step("press", "Add"),
            _diagram("processes/expert_review/expert_review.bpmn"),
            Step("place", "Create user task", _FIRST, "examine__record_form"),
            Step("fill", "Name in Russian", _SECOND.ru, literal=True),
            Step("fill", "Name in English", _SECOND.en, literal=True),
            Step("fill", "Instructions in Russian", "Прочитайте бланк и дайте свое заключение.", literal=True),
            Step("fill", "Instructions in English", "Read the form and give your own opinion.", literal=True),
            Step("pick", "Form", "second_opinion", literal=True),
            Step("pick", "When", _WORKDAYS),
            Step("fill", "How many", "5", literal=True),
            Step("see", value="The check has nothing to say about this diagram."),
        ),
    )
