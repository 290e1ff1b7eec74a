"""A form as the macros of the pages need it: every text chosen, every id given."""

from dataclasses import dataclass

from app.forms.printing import Printed


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer to choose."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """One file already in the draft."""

    id: str
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class When:
    """Where a field is shown: the path of the other field and the JSON of the values, for the script; words for all."""

    path: str
    values: str
    negated: bool
    words: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a table."""

    path: str
    title: str
    fields: tuple["FieldView", ...]
    removable: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field, ready to be written out. `path` is the posted name, `id` that of the input."""

    kind: str
    path: str
    id: str
    label: str
    help: str = ""
    hint: str = ""
    """What the program adds to the help: the notation of a date, the kinds and size of a file."""
    required: bool = False
    error: str = ""
    when: When | None = None
    value: str = ""
    input_type: str = "text"
    mode: str = ""
    """inputmode."""
    autocomplete: str = ""
    short: bool = False
    focus: bool = False
    options: tuple[OptionView, ...] = ()
    files: tuple[FileView, ...] = ()
    multiple: bool = False
    accept: str = ""
    rows: tuple[RowView, ...] = ()
    add: str = ""
    """Words of the button; empty: no row can be added."""
    printed: Printed | None = None
    """Of a read-only field: its value in words."""

    @property
    def described(self) -> str:
        """Ids for aria-describedby."""
        parts = {"help": self.help or self.hint, "when": self.when, "error": self.error}
        return " ".join(f"{self.id}-{part}" for part, there in parts.items() if there)

    @property
    def across(self) -> bool:
        """Two or three short answers fit side by side."""
        return len(self.options) <= 3 and all(len(one.label) <= 15 for one in self.options)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One line of the summary of errors: where it leads, what it is about, what to do."""

    anchor: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class FormView:
    """For the macros of `form/fields.html`: fields(view), error_summary(view), button(view)."""

    name: str
    title: str
    intro: str
    fields: tuple[FieldView, ...]
    errors: tuple[Wrong, ...]
    has_files: bool
    """The form needs enctype="multipart/form-data"."""
