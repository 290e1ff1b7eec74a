"""What the templates of documents are about, for those who change them."""

from collections.abc import Mapping

from app.i18n import Text

NAMES: Mapping[str, Text] = {
    "document": Text("название документа", "title of the document"),
    "sheet": Text("лист согласования (приложение 1)", "agreement sheet (Appendix 1)"),
    "form": Text("форма одобрения (приложение 2)", "form for approval (Appendix 2)"),
    "decision": Text("решение ТК 4 об отмене курса", "decision of TC 4 to annul a course"),
    "questionnaire": Text("анкета (приложение 3)", "questionnaire (Appendix 3)"),
    "analysis": Text("квартальный отчет об удовлетворенности", "quarterly report on satisfaction"),
    "list": Text("перечень создаваемых курсов", "list of courses being created"),
    "report": Text("ежегодный отчет для ТК 4", "yearly report to TC 4"),
    "certificate": Text("свидетельство слушателя", "certificate of a learner"),
}
