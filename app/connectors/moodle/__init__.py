"""Moodle by its web services: a client, and a stand-in for demo and tests. Knows no courses of ours, no workflow."""

from app.connectors.moodle.client import Access, Client, NewCourse, PlatformCourse, SiteInfo
from app.connectors.moodle.failures import BY_HAND, SYSTEM, Closed, Later, Refused

__all__ = [
    "BY_HAND",
    "SYSTEM",
    "Access",
    "Client",
    "Closed",
    "Later",
    "NewCourse",
    "PlatformCourse",
    "Refused",
    "SiteInfo",
]
