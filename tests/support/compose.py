"""deploy/compose.yaml, as far as a test needs it to run its services without a daemon."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from support.paths import ROOT

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]


def environment_of(service: str, variables: Mapping[str, str]) -> dict[str, str]:
    """A service's environment with the variables of .env. KeyError: a required one is missing."""

    def value(match: re.Match[str]) -> str:
        name, default = match.groups()
        return variables[name] if default is None else variables.get(name, default)

    return {
        name: re.sub(r"\$\{(\w+):(?:\?|-(.*?))\}", value, text)
        for name, text in SERVICES[service].get("environment", {}).items()
    }
