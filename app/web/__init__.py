"""The site: blueprints a part of it each, and what happens around every request."""

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.config import Config
from app.courses.surveys.pace import Pace
from app.web import (
    access,
    account,
    accounts,
    actualisation,
    admission,
    annual_reports,
    answers,
    appointments,
    approvals,
    archive,
    assets,
    calendars,
    certificates,
    certification,
    course_parts,
    courses,
    creation,
    dated_settings,
    documents,
    evidence,
    failures,
    files,
    headers,
    health,
    inbox,
    incidents,
    instances,
    journal,
    language,
    letters,
    monitoring,
    monitoring_imports,
    organisations,
    pages,
    people,
    portal,
    procedures,
    questionnaires,
    register,
    register_requests,
    satisfaction,
    settings,
    sign_in,
    standstill,
    studio,
    substitutions,
    survey,
    surveys,
    tasks,
    topics,
)

PARTS = (
    account,
    accounts,
    actualisation,
    annual_reports,
    admission,
    answers,
    appointments,
    approvals,
    archive,
    certificates,
    certification,
    course_parts,
    calendars,
    courses,
    creation,
    dated_settings,
    documents,
    evidence,
    files,
    health,
    inbox,
    incidents,
    instances,
    letters,
    monitoring,
    monitoring_imports,
    organisations,
    people,
    portal,
    procedures,
    questionnaires,
    satisfaction,
    sign_in,
    standstill,
    survey,
    register,
    register_requests,
    surveys,
    substitutions,
    tasks,
    topics,
)
"""The modules that serve pages."""


def build(config: Config, sessions: sessionmaker[Session]) -> Flask:
    """A Flask application with everything that every page needs, and all pages that are not of the demo."""
    app = Flask("app.web")
    settings.apply(app, config)
    for around in (journal, headers, language, assets, pages, failures):
        around.install(app)
    access.install(app, sessions)
    app.extensions["survey_pace"] = Pace()
    for part in (*PARTS, *studio.PARTS):
        app.register_blueprint(part.blueprint)
    return app
