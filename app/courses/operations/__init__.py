"""What service tasks of the procedures can ask for: immediate ones change our own tables within the step."""

from app.courses.operations import agreement, courses, creation, moodle, sheet

OPERATIONS = (*courses.OPERATIONS, *agreement.OPERATIONS, *creation.OPERATIONS, *sheet.OPERATIONS, *moodle.OPERATIONS)
