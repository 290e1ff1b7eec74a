"""What service tasks of the procedures can ask for: immediate ones change our own tables within the step."""

from app.courses.operations import agreement, courses, moodle, sheet

OPERATIONS = (*courses.OPERATIONS, *agreement.OPERATIONS, *sheet.OPERATIONS, *moodle.OPERATIONS)
