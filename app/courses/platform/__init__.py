"""Courses on the platform (Moodle): what is asked of it, what was found there, and what only a person can do."""

from app.courses.platform.checks import latest_check
from app.courses.platform.connection import client, install
from app.courses.platform.models import PlatformCheck

__all__ = ["PlatformCheck", "client", "install", "latest_check"]
