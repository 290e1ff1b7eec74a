"""What only the demo and the tests have: fictitious people, signing in as one of them, a movable clock, a mailbox, a
stand-in for Moodle.

`serve` never imports this package.
"""

from flask import Flask

from app.clock import MovedClock
from app.config import Config
from app.connectors.mail import Mailbox
from app.demo import clock, filling, learners, mailbox, personas, platform


def install(app: Flask, source: MovedClock, letters: Mailbox, settings: Config) -> None:
    """Add the demo's pages and the strip at the head of every page that says that it is one."""
    app.extensions["demo_clock"] = source
    app.extensions["demo_mailbox"] = letters
    app.extensions["sign_in"] = "personas.page"
    app.extensions["strips"].append("demo/strip.html")
    platform.mount(app, settings)
    filling.install(app, settings.data_dir)
    for part in (personas, clock, mailbox, platform, learners):
        app.register_blueprint(part.blueprint)
