"""COOMET Courses. `create_app` is the only place that knows all the parts and joins them."""

from flask import Flask
from sqlalchemy import Engine

from app import clock, config, db, web


def create_app(settings: config.Config, engine: Engine | None = None) -> Flask:
    """The whole program for these settings; an engine is handed in by tests that share one."""
    sessions = db.session_factory(engine or db.create_engine(settings.database))
    app = web.build(settings, sessions)
    if settings.mode == "serve":
        clock.use(clock.system)
    else:
        _add_demo(app, settings)
    return app


def _add_demo(app: Flask, settings: config.Config) -> None:
    from app import demo  # noqa: PLC0415 - never imported by `serve`

    source = clock.MovedClock(settings.data_dir / "clock-offset")
    clock.use(source)
    demo.install(app, source)
