"""Where diagrams of other tools come from: packages of public registries, pinned by version and by the archive's hash.

Newer packages of the same tools were looked at and hold no diagrams: their tests are no longer packed. The last column
says whose diagrams those below a folder are; a package is itself the tool where nothing is said.
"""

from dataclasses import dataclass, field
from typing import Literal

Registry = Literal["pypi", "npm"]


@dataclass(frozen=True)
class Package:
    """One archive; `owners` maps a folder inside to the tool whose diagrams it holds."""

    registry: Registry
    name: str
    version: str
    sha256: str
    owners: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}"

    def tool(self, path: str) -> str:
        """The tool that a file inside belongs to."""
        return next((tool for folder, tool in self.owners.items() if f"/{folder}/" in path), self.name)


PACKAGES = (
    Package("npm", "bpmn-js", "0.13.3", "19638e3f7ceca606dcd03ce632131a987e882bd600841b73d78e6a34ed3f3347"),
    Package(
        "pypi",
        "bpmn-io",
        "0.2.2",
        "e330f69b8cf5048308f927e4269b10ae1d49e6c232f36c909ead719596d6f9d3",
        {
            "bpmnlint": "bpmnlint",
            "bpmn-moddle": "bpmn-moddle",
            "bpmn-auto-layout": "bpmn-auto-layout",
            "moddle-utils": "bpmn-moddle",
        },
    ),
    Package("npm", "bpmn-moddle", "0.2.0", "075abf013a5b865da87f493a7bbeca4787c58cd7e9f9e75b2cb0290d479a6114"),
    Package("npm", "bpmn-js-differ", "0.2.0", "01bb29148d1c85d690f32a14006975fdfa3fdba25e995b2fbdcdde7557c14ffa"),
    Package("npm", "bpmn-js-cli", "0.2.0", "611dcb84027256c8fed44e890231a771a1e92dab4dadef61d002df188c54a652"),
    Package("npm", "dmn-moddle", "0.1.0", "2bbd7bae8f1ea9103e798b13eeff95786c7e8cb219cd2d97675436dee787e1eb"),
    Package(
        "npm",
        "bpmnlint-plugin-processmaker",
        "1.5.0",
        "6645a5f5ea3a646edac6fa2e27cadfc44589220f24351b5d1b629827ca7062be",
        {"test-diagrams": "ProcessMaker"},
    ),
    Package(
        "npm",
        "@processmaker/processmaker-bpmn-moddle",
        "0.16.0",
        "852f4b725ed8b366e08463b138123d004f4db06a6565ff666ab3aa3af542fdf8",
        {"fixtures": "ProcessMaker"},
    ),
    Package(
        "npm",
        "@process-engine/process_engine_core",
        "12.17.1",
        "052b4306d9f3a2c32875e446d9161194734c18892ceb0a0af529cea74a4cc356",
        {"bpmns": "ProcessEngine (BPMN Studio)"},
    ),
    Package(
        "pypi",
        "bpmn-evalkit",
        "0.2.0",
        "3e5db55d722f38c778287e26744037841e9c9e872a8a15113bd1a1f63604ed1a",
        {"miwg": "OMG interchange suite (MIWG)"},
    ),
    Package("pypi", "pybpmn-parser", "0.1.1", "b094cde9363db5167db69031709ff9c242ae2e1ce681fe41b4cb65a592edd379"),
    Package("pypi", "pyzeebe", "4.7.0", "767b94f28fbd2a6a6fba13351d7febab87c8539968355f786c581f4513d4bd93"),
    Package(
        "pypi",
        "zengine",
        "0.8.3",
        "12b1f55f1f7076b58f6c40bff9ebd38902103a0e5af44a06dd616511b753e9ed",
        {"diagrams": "zengine (SpiffWorkflow)"},
    ),
    Package("pypi", "spiffworkflow", "3.2.0", "42bc2b52b9829e84ef5947615208973f3812c0a6d716fb2cd0f2a295425db107"),
    Package("npm", "bpmn-engine", "25.0.1", "33c22adbca495bb0509b0edaa84be9ea2416c8e3096a8ed33c06a56f9766f9cf"),
)
"""The last two hold none: looked at because they are named wherever such files are asked for."""
