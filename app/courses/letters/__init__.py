"""Letters: who gets them, in which language, with which words and links. Each is sent by a job of its own.

send(session, wanted) -> list[Letter]      compose one for each recipient and have them delivered
OPERATIONS                                 letters.send, letters.deliver, task.assigned, task.due_soon, task.overdue,
                                           accounts.forgotten
install(sender, public_url)                what delivers, and where links lead
"""

from app.courses.letters.access import FORGOTTEN
from app.courses.letters.delivery import DELIVER, install
from app.courses.letters.reminders import ASSIGNED, DUE_SOON, OVERDUE
from app.courses.letters.sending import SEND, Wanted, send

OPERATIONS = (SEND, DELIVER, ASSIGNED, DUE_SOON, OVERDUE, FORGOTTEN)

__all__ = ["OPERATIONS", "Wanted", "install", "send"]
