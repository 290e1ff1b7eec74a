"""Forms of a release: two files become fields, what is typed becomes checked values, values become print.

load_form(schema, ui, name) -> Form                 load_forms(files) -> {name: Form}
check_forms(files, ...) -> list[Finding]            (check_form: one form)
parse(form, posted, files, context) -> Draft        what was typed; buttons "add row"/"remove" already applied
check(form, draft.values, context) -> Checked       typed values and errors by path
outputs(form, checked, names) -> dict               values for task data: what was left blank is None
prefilled(form, context) -> values                  what a page begins with that has no draft yet
view(form, draft or values, errors, context) -> FormView     for the macros in app/web/templates/form/
present(form, values, locale, context) -> list[Printed]
"""

from app.engine import Json
from app.forms.checking import check, outputs
from app.forms.findings import Surroundings, check_form, check_forms
from app.forms.loading import load_form, load_forms
from app.forms.messages import say
from app.forms.model import Checked, Context, Draft, Field, Form, Option, StoredFile
from app.forms.parsing import parse
from app.forms.printing import NOTHING_SAID, Printed, present
from app.forms.showing import prefilled, view
from app.forms.strict_json import BadJson, read_json
from app.forms.views import FormView

__all__ = [
    "NOTHING_SAID",
    "BadJson",
    "Checked",
    "Context",
    "Draft",
    "Field",
    "Form",
    "FormView",
    "Json",
    "Option",
    "Printed",
    "StoredFile",
    "Surroundings",
    "check",
    "check_form",
    "check_forms",
    "load_form",
    "load_forms",
    "outputs",
    "parse",
    "prefilled",
    "present",
    "read_json",
    "say",
    "view",
]
