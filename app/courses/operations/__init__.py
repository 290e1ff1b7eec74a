"""What service tasks of the procedures can ask for: immediate ones change our own tables within the step."""

from app.courses import advice
from app.courses.operations import (
    access,
    actualisation,
    agreement,
    announcement,
    certificates,
    courses,
    creation,
    documents,
    hiding,
    monitoring,
    moodle,
    planning,
    review,
    satisfaction,
    sheet,
)

OPERATIONS = (
    *courses.OPERATIONS,
    *agreement.OPERATIONS,
    *creation.OPERATIONS,
    *sheet.OPERATIONS,
    *documents.OPERATIONS,
    *advice.OPERATIONS,
    *moodle.OPERATIONS,
    *review.OPERATIONS,
    *announcement.OPERATIONS,
    *satisfaction.OPERATIONS,
    *planning.OPERATIONS,
    *actualisation.OPERATIONS,
    *hiding.OPERATIONS,
    *monitoring.OPERATIONS,
    *access.OPERATIONS,
    *certificates.OPERATIONS,
)
