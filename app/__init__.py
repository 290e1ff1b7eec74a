"""COOMET Courses. `create_app` is the only place that knows all the parts and joins them."""

from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from app import clock, config, db, web
from app.connectors.documents import Seal
from app.connectors.mail import Mailbox, Sender, Smtp, read_url
from app.connectors.mail.no_server import NoServer
from app.connectors.moodle import Access, Client
from app.courses import evidence, installation, platform
from app.courses.access import sealed
from app.courses.advice import looks
from app.courses.documents import fonts, making
from app.courses.monitoring import receiving
from app.identity import links
from app.workflow import deferral, jobs


def create_app(settings: config.Config, engine: Engine | None = None) -> Flask:
    """The whole program for these settings; an engine is handed in by tests that share one."""
    join(settings)
    app = web.build(settings, db.session_factory(engine or db.create_engine(settings.database)))
    if settings.mode != "serve":
        _add_demo(app, settings)
    return app


def join(settings: config.Config) -> None:
    """What web and worker processes share: the clock's source, and what courses offer to diagrams and jobs."""
    clock.use(clock.system if settings.mode == "serve" else moved_clock(settings))
    links.install(settings.secret_key)
    sealed.install(settings.secret_key)
    jobs.defer_by(deferral.defer if settings.backend == "procrastinate" else None)
    sender = sender_of(settings)
    installation.install(sender, settings.public_url or f"http://127.0.0.1:{settings.port}")
    platform.install(platform_of(settings))
    evidence.install(settings, sender)
    _install_documents(settings)


def _install_documents(settings: config.Config) -> None:
    """Where files are kept, the typefaces of the pages, and the seal if there is one."""
    seal = Seal(settings.seal_file, settings.seal_password) if settings.seal_file else None
    looks.install(settings.files)
    receiving.install(settings.files)
    making.install(settings.files, fonts.read(Path(web.__file__).with_name("static") / "dist"), seal)


def platform_of(settings: config.Config) -> Client | None:
    """Moodle as it is configured; in demo and tests otherwise a stand-in; None: every step there is done by hand.

    ValueError says what is wrong with the address.
    """
    serving = settings.mode == "serve"
    if settings.moodle_url and settings.moodle_token:
        access = Access(settings.moodle_url, settings.moodle_token, settings.moodle_category, private=not serving)
        return Client(access)
    if serving or settings.moodle_url:
        return None
    from app.demo import platform as demo_platform

    return demo_platform.client(settings)


def sender_of(settings: config.Config) -> Sender:
    """What takes letters: the mail server, or the demo's mailbox. ValueError for settings that cannot be."""
    if settings.mode != "serve":
        return mailbox(settings)
    if not settings.smtp_url:
        return NoServer()
    return Smtp(read_url(settings.smtp_url), settings.mail_from, settings.data_dir / "locks")


def moved_clock(settings: config.Config) -> clock.MovedClock:
    """The clock of demo and tests, moved by a file that all processes read."""
    return clock.MovedClock(settings.data_dir / "clock-offset")


def mailbox(settings: config.Config) -> Mailbox:
    """Where the demo's and the tests' letters are kept."""
    return Mailbox(settings.data_dir / "mailbox")


def _add_demo(app: Flask, settings: config.Config) -> None:
    from app import demo

    demo.install(app, moved_clock(settings), mailbox(settings), settings)
