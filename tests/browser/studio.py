"""What tests of the studio do in the browser again and again."""

from playwright.sync_api import Page as Tab

STUDIO = "document.querySelector('[data-island=editor]').studio"


def open_draft(tab: Tab) -> None:
    tab.goto("/studio")
    begin = tab.locator("form[action='/studio/draft'] button")
    if begin.count():
        begin.click()


def discard_draft(tab: Tab) -> None:
    tab.goto("/studio")
    tab.locator("details", has=tab.locator("form[action$='/discard']")).locator("summary").click()
    tab.locator("form[action$='/discard'] button").click()


def ready(tab: Tab) -> None:
    """The diagram editor has drawn its diagram."""
    tab.wait_for_selector("[data-island='editor'][data-state='ready']", state="attached")


def select(tab: Tab, element: str) -> None:
    tab.evaluate(
        f"id => {{ const m = {STUDIO}.modeler; m.get('selection').select(m.get('elementRegistry').get(id)); }}", element
    )


def middle(tab: Tab, flow: str) -> dict[str, float]:
    """Where on the screen the arrow's first piece has its middle."""
    return dict(
        tab.evaluate(
            f"""id => {{ const m = {STUDIO}.modeler, c = m.get('canvas');
            const b = c.viewbox(), box = c._svg.getBoundingClientRect();
            const w = m.get('elementRegistry').get(id).waypoints, x = (w[0].x + w[1].x) / 2, y = (w[0].y + w[1].y) / 2;
            return {{ x: box.x + (x - b.x) * b.scale, y: box.y + (y - b.y) * b.scale }}; }}""",
            flow,
        )
    )
