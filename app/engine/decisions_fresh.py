"""A decision file to begin with."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from app.engine.lint_diagram import COOMET

NEWEST = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def fresh(name: str, ru: str, en: str) -> bytes:
    """A new file with one table of one input, one output and one rule."""
    given: Mapping[str, str] = {"name": quoteattr(name), "ru": quoteattr(ru), "en": quoteattr(en)}
    id_ = escape(name)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{NEWEST}" xmlns:coomet="{COOMET}" \
id="definitions_{id_}" name={given["ru"]} namespace="urn:coomet:processes">
  <decision id={given["name"]} name={given["ru"]}>
    <extensionElements><coomet:text lang="en" name={given["en"]} /></extensionElements>
    <decisionTable id="{id_}_table" hitPolicy="FIRST">
      <input id="{id_}_input" label="">
        <inputExpression id="{id_}_input_expression" typeRef="string"><text>value</text></inputExpression>
      </input>
      <output id="{id_}_output" label="" name="result" typeRef="string" />
      <rule id="{id_}_rule_1">
        <inputEntry id="{id_}_rule_1_input"><text></text></inputEntry>
        <outputEntry id="{id_}_rule_1_output"><text>"yes"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
""".encode()
