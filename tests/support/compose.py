"""The files of Compose in deploy/, as far as a test needs them to run their services without a daemon."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from support.paths import ROOT

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
ON_CITUS: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.citus.yaml").read_text())["services"]
"""What compose.citus.yaml changes and adds."""


def environment_of(service: str, variables: Mapping[str, str]) -> dict[str, str]:
    """A service's environment with the variables of .env. KeyError: a required one is missing."""

    def value(match: re.Match[str]) -> str:
        name, default = match.groups()
        return variables[name] if default is None else variables.get(name, default)

    return {
        name: re.sub(r"\$\{(\w+):(?:\?|-(.*?))\}", value, text)
        for name, text in SERVICES[service].get("environment", {}).items()
    }
