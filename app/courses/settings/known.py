"""The settings that there are: what each is called, begins with and may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Setting:
    """What can be set; `allowed` empty and no `pattern`: a whole number from 1 to 250."""

    label: Text
    default: str
    allowed: tuple[str, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict, hash=False)
    """What the allowed values are called on the page."""
    pattern: str = ""
    """Of a text: what it must look like as a whole."""
    day: bool = False
    """A day as 2027-05-20, or nothing."""
    help: Text | None = None
    group: str = "times"
    """Heading of the page under which it stands: recommendation, times, switches, portal, survey, learners."""


YES_NO = {"no": Text("нет", "no"), "yes": Text("да", "yes")}
_PRINTED = r"[^\x00-\x1f<>]{1,200}"
_PRINTED_OR_NOTHING = r"[^\x00-\x1f<>]{0,200}"
_PARAGRAPH = r"[^\x00-\x1f<>]{20,1000}"
_UNTIL_SECTION_5 = Text(
    "Пока текст раздела 5 руководства CBKT не получен, зачисляющий подтверждает эти слова",
    "Until the text of section 5 of the CBKT guidance is at hand, whoever enrols confirms these words",
)

SETTINGS: Mapping[str, Setting] = {
    "answer_workdays": Setting(
        Text("Срок рассмотрения листа согласования, рабочих дней", "Time to consider an agreement sheet, working days"),
        "15",
    ),
    "remind_before": Setting(
        Text("Напоминание до срока, рабочих дней", "Reminder before a deadline, working days"), "3"
    ),
    "remind_every": Setting(
        Text("Повтор напоминания после срока, рабочих дней", "Reminder repeated after a deadline, working days"), "3"
    ),
    "package_to": Setting(
        Text("Куда направляется согласованный пакет (пункт 7.4)", "Where the agreed package goes (clause 7.4)"),
        "both",
        ("both", "administrator", "secretariat"),
        {
            "both": Text("администратору раздела и в архив Секретариата", "to the administrator and the archive"),
            "administrator": Text("администратору раздела", "to the section administrator"),
            "secretariat": Text("в архив Секретариата", "to the Secretariat's archive"),
        },
        group="switches",
    ),
    "own_decisions": Setting(
        Text("Решать по собственным материалам (без исключения)", "Decide on one's own materials (without exception)"),
        "no",
        ("no", "yes"),
        YES_NO,
        group="switches",
    ),
    "message_weeks": Setting(
        Text(
            "Сколько хранится сообщение между процедурами, которого никто не ждет, недель",
            "How long a message between procedures that nobody awaits is kept, weeks",
        ),
        "52",
    ),
    "materials_workdays": Setting(
        Text("Срок предоставления материалов, рабочих дней", "Time to provide a course's materials, working days"),
        "20",
    ),
    "poll_workdays": Setting(
        Text("Срок опроса создателей курсов, рабочих дней", "Time of a poll of course creators, working days"), "10"
    ),
    "ready_workdays": Setting(
        Text("Срок подготовки курса, рабочих дней", "Time to prepare a course, working days"), "40"
    ),
    "review_workdays": Setting(
        Text("Срок экспертизы курса, рабочих дней", "Time for the expert review of a course, working days"), "10"
    ),
    "announce_workdays": Setting(
        Text("Срок рассылки и размещения на портале, рабочих дней", "Time to announce a course, working days"), "5"
    ),
    "satisfaction_workdays": Setting(
        Text(
            "Срок анализа удовлетворенности после квартала, рабочих дней",
            "Time to analyse satisfaction after a quarter, working days",
        ),
        "15",
    ),
    "survey_least": Setting(
        Text(
            "Наименьшее число ответов, при котором видны комментарии и даты участия",
            "Fewest answers with which comments and dates of participation are shown",
        ),
        "5",
        group="survey",
    ),
    "survey_daily": Setting(
        Text("Наибольшее число анкет по курсу за день", "Most questionnaires a course and day"),
        "200",
        help=Text("Защита от роботов: сверх этого числа анкеты не принимаются.", "Against robots: no more are taken."),
        group="survey",
    ),
    "check_years": Setting(
        Text(
            "Проверка научно-технического уровня курса – не реже одного раза в столько лет (пункт 13.1)",
            "Check of a course's scientific and technical level – at least once in so many years (clause 13.1)",
        ),
        "3",
        ("1", "2", "3"),
    ),
    "check_lead_days": Setting(
        Text(
            "За сколько дней до срока начинается проверка курса",
            "Days before its date when a check of a course begins",
        ),
        "60",
    ),
    "editorial_waiver": Setting(
        Text(
            "Можно не повторять согласование, если изменения только редакционные (пункт 13.4)",
            "The agreement may be left out where changes are editorial only (clause 13.4)",
        ),
        "no",
        ("no", "yes"),
        YES_NO,
        group="switches",
    ),
    "publishing_second": Setting(
        Text(
            "Публикация процедур – с согласия второго аналитика",
            "Procedures are published with a second analyst's consent",
        ),
        "no",
        ("no", "yes"),
        YES_NO,
        group="switches",
    ),
    "monitoring_days": Setting(
        Text("Показатели курса считываются раз в … дней", "The figures of a course are read every … days"), "30"
    ),
    "monitoring_workdays": Setting(
        Text("Срок импорта журнала курса, рабочих дней", "Time to import a course's log, working days"), "10"
    ),
    "monitoring_months": Setting(
        Text(
            "Сколько хранятся сведения об участниках курсов, месяцев",
            "How long details about learners are kept, months",
        ),
        "36",
        help=Text(
            "После этого остаются только количества по модулям и дням.",
            "Afterwards only counts by module and day stay.",
        ),
    ),
    "annual_report_workdays": Setting(
        Text(
            "Подготовка отчета к заседанию ТК 4: начать за … рабочих дней",
            "Report to a meeting of TC 4: begin … working days before",
        ),
        "20",
    ),
    "platform_guest": Setting(
        Text("Номер гостевой учетной записи на платформе", "Number of the guest account on the platform"),
        "1",
        pattern=r"[1-9]\d{0,8}",
        group="switches",
    ),
    "recommendation_number": Setting(
        Text("Номер рекомендации", "Number of the recommendation"), "R/TR/XX", pattern=_PRINTED, group="recommendation"
    ),
    "recommendation_year": Setting(
        Text("Год рекомендации", "Year of the recommendation"), "202_", pattern=r"[0-9_]{4}", group="recommendation"
    ),
    "recommendation_meeting": Setting(
        Text("Заседание, на котором утверждена рекомендация", "Meeting that approved the recommendation"),
        "",
        pattern=_PRINTED_OR_NOTHING,
        help=Text("Например: 40-е заседание Комитета КООМЕТ", "For example: the 40th meeting of the COOMET Committee"),
        group="recommendation",
    ),
    "recommendation_date": Setting(
        Text("Дата утверждения рекомендации", "Day of the recommendation's approval"),
        "",
        day=True,
        group="recommendation",
    ),
    "register_release": Setting(
        Text(
            "Кто выдает по запросу перечень создаваемых курсов (пункт 6.2)",
            "Who releases the list of courses being created on request (clause 6.2)",
        ),
        "secretariat",
        ("secretariat", "automatic"),
        {
            "secretariat": Text("Секретариат, по каждому запросу", "the Secretariat, request by request"),
            "automatic": Text("система, сразу", "the system, at once"),
        },
        group="switches",
    ),
    "invitation_language": Setting(
        Text("Язык приглашения, если язык получателя неизвестен", "Language of an invitation if none is known"),
        "ru",
        ("ru", "en"),
        {"ru": Text("русский", "Russian"), "en": Text("английский", "English")},
        group="portal",
    ),
    "portal_frames": Setting(
        Text("Сайты, которые могут встроить список курсов", "Sites that may embed the list of courses"),
        "https://www.coomet.net",
        pattern=r"(https://[a-z0-9.-]+(:\d+)?( https://[a-z0-9.-]+(:\d+)?)*)?",
        help=Text(
            "Адреса через пробел, например https://www.coomet.net",
            "Addresses apart by spaces, such as https://www.coomet.net",
        ),
        group="portal",
    ),
    "data_confirmation_ru": Setting(
        Text("Подтверждение об использовании данных, по-русски", "Confirmation on people's data, in Russian"),
        "Подтверждаю, что эти люди знают о передаче их данных электронной обучающей платформе BIPM для зачисления на "
        "курс, что для этого есть основание и что данные будут использованы только для этого.",
        pattern=_PARAGRAPH,
        help=_UNTIL_SECTION_5,
        group="learners",
    ),
    "data_confirmation_en": Setting(
        Text("Подтверждение об использовании данных, по-английски", "Confirmation on people's data, in English"),
        "I confirm that these people know that their data are given to the BIPM e-learning platform to enrol them in "
        "the course, that there are grounds for it, and that the data will be used for nothing else.",
        pattern=_PARAGRAPH,
        help=_UNTIL_SECTION_5,
        group="learners",
    ),
    "certificate_number": Setting(
        Text("Вид номера сертификата", "Form of a certificate's number"),
        "COOMET-{year}-{number}",
        pattern=r"(?=.*\{number\})[^\x00-\x1f<>\\]{8,60}",
        help=Text(
            "{number} – порядковый номер, сквозной по всем годам; {year} – год выдачи",
            "{number} is the consecutive number through all years, {year} the year of issue",
        ),
        group="learners",
    ),
    "certificate_wording": Setting(
        Text("О чем сертификат (раздел 10)", "What a certificate is of (section 10)"),
        "participation",
        ("participation", "completion"),
        {
            "participation": Text("об участии (пункт 10.1)", "of participation (clause 10.1)"),
            "completion": Text("о прохождении (заголовок раздела 10)", "of completion (heading of section 10)"),
        },
        group="learners",
    ),
    "certificate_signatory_ru": Setting(
        Text("Кто подписывает сертификаты, по-русски", "Who signs certificates, in Russian"), "",
        pattern=_PRINTED_OR_NOTHING, group="learners",
    ),
    "certificate_signatory_en": Setting(
        Text("Кто подписывает сертификаты, по-английски", "Who signs certificates, in English"), "",
        pattern=_PRINTED_OR_NOTHING, group="learners",
    ),
    "certificate_post_ru": Setting(
        Text("Должность подписывающего, по-русски", "Post of who signs, in Russian"), "Председатель ТК 4 КООМЕТ",
        pattern=_PRINTED_OR_NOTHING, group="learners",
    ),
    "certificate_post_en": Setting(
        Text("Должность подписывающего, по-английски", "Post of who signs, in English"), "Chair of COOMET TC 4",
        pattern=_PRINTED_OR_NOTHING, group="learners",
    ),
    "certificate_workdays": Setting(
        Text("Срок решения о сертификате, рабочих дней", "Time to decide on a certificate, working days"), "10"
    ),
    "enrol_workdays": Setting(
        Text("Срок зачисления по списку, рабочих дней", "Time to enrol a list of learners, working days"), "5"
    ),
}
