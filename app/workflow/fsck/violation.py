"""What an invariant says, and how a breach of it is reported."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n import Text

INVARIANTS: Mapping[str, Text] = {
    "V01": Text("завершенный экземпляр ничего не ждет", "an instance that has ended waits for nothing"),
    "V02": Text("идущий экземпляр чего-то ждет", "a running instance waits for something"),
    "V03": Text("открытые задачи — те же, что в состоянии", "open tasks are those of the state"),
    "V04": Text("таймеры и задания — те же, что в состоянии", "timers, jobs and receivers are those of the state"),
    "V05": Text("журнал без пропусков и подмен", "the evidence is without gaps and unchanged"),
    "V06": Text("открытые задачи следуют из журнала", "open tasks follow from the evidence"),
    "V07": Text("задача закрывается один раз", "a task is closed once"),
    "V08": Text("задачу выполнил тот, кто имел на это право", "a task was completed by somebody who was allowed to"),
    "V09": Text("состояние и выпуски — те же, что в журнале", "states and releases are those of the evidence"),
    "V10": Text("выпуск экземпляра есть и цел", "the release of an instance is there and whole"),
    "V11": Text("у каждого задания есть причина и итог", "every job has a reason and a result"),
    "V12": Text("ни одно задание не забыто", "no job is forgotten"),
    "V13": Text("после завершения экземпляра ничего не происходит", "nothing happens after an instance has ended"),
    "V14": Text("ни одна задача не потеряна", "no task is lost"),
    "V15": Text("вызванный процесс идет, пока его ждут", "a called process runs as long as it is waited for"),
    "V16": Text("файлы на месте и целы", "files are there and whole"),
    "V17": Text("сертификат один, подлинный и учтен", "a certificate is one, genuine and in the evidence"),
    "V18": Text("ссылка из письма действует один раз", "a link in a letter acts once"),
    "V19": Text("каждая отправленная форма учтена один раз", "every form sent counts once"),
    "V20": Text("ссылки, значения и время согласованы", "references, values and times agree"),
    "V21": Text("контрольные точки журнала верны", "the checkpoints of the evidence are right"),
    "V23": Text("каждая принятая форма сохранена", "every form that was taken is kept"),
    "V24": Text("каждое право подтверждено журналом", "every right is in the evidence"),
    "V25": Text(
        "курс аннулирован решением ТК 4, проверка завершена тремя заключениями, следующая запланирована",
        "a course is annulled by TC 4's decision, a check closed with three conclusions, the next one planned",
    ),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """`where`: "instance …", "job …"; `what`: ids and values that do not fit."""

    invariant: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant} {INVARIANTS[self.invariant]}: {self.where} {self.what}".strip()
