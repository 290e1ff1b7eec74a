"""COOMET Courses. `create_app` is the only place that knows all the parts and joins them."""

from flask import Flask
from sqlalchemy import Engine

from app import clock, config, db, web


def create_app(settings: config.Config, engine: Engine | None = None) -> Flask:
    """The whole program for these settings; an engine is handed in by tests that share one."""
    clock.use(_clock(settings))
    sessions = db.session_factory(engine or db.create_engine(settings.database))
    return web.build(settings, sessions)


def _clock(settings: config.Config) -> clock.Source:
    if settings.mode == "serve":
        return clock.system
    return clock.MovedClock(settings.data_dir / "clock-offset")
