"""Mail: a finished message, what sends it, and a stand-in that keeps it in a folder. Knows no courses, no workflow.

Message, Sender                      a message to one address, and whatever takes it
Smtp(read_url(SMTP_URL), MAIL_FROM, locks)   a mail server
Mailbox                              the stand-in
"""

from app.connectors.mail.message import Attachment, Message, Sender
from app.connectors.mail.smtp import SYSTEM, Smtp, Uncertain, read_url
from app.connectors.mail.stand_in import Mailbox, Received

__all__ = ["SYSTEM", "Attachment", "Mailbox", "Message", "Received", "Sender", "Smtp", "Uncertain", "read_url"]
