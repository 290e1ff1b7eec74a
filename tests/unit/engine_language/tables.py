"""Decision files for tests, as dmn-js writes them."""

from collections.abc import Sequence

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(
    inputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    outputs: Sequence[str],
    *,
    policy: str = "UNIQUE",
    types: Sequence[str] = (),
    output_type: str = "",
    namespace: str = NAMESPACE,
    extra: str = "",
) -> bytes:
    """One table with one output column; texts must be valid within XML."""
    columns = "".join(
        f'<input id="i{n}"><inputExpression id="e{n}" typeRef="{(types or [""] * len(inputs))[n]}"><text>{text}</text>'
        "</inputExpression></input>"
        for n, text in enumerate(inputs)
    )
    rows = "".join(
        f'<rule id="r{n}">'
        + "".join(f'<inputEntry id="c{n}_{m}"><text>{cell}</text></inputEntry>' for m, cell in enumerate(rule))
        + f'<outputEntry id="o{n}"><text>{output}</text></outputEntry></rule>'
        for n, (rule, output) in enumerate(zip(rules, outputs, strict=True))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{namespace}" id="d" name="D" namespace="n">'
        f'<decision id="routing" name="Routing"><decisionTable id="t" hitPolicy="{policy}">{columns}'
        f'<output id="o" name="group" typeRef="{output_type}"/>{rows}</decisionTable></decision>{extra}</definitions>'
    ).encode()
