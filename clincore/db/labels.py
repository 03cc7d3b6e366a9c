"""The names of query statements in metrics: module and variable, such as `cases.find`."""

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from clincore.db import queries
from clincore.db.statements import UNLABELLED, Statement


def label_statements() -> None:
    """Label each statement without a label. Statements in a tuple or dictionary get the name of that variable."""
    for module in pkgutil.iter_modules(queries.__path__):
        for variable, value in vars(import_module(f"{queries.__name__}.{module.name}")).items():
            for statement in _statements(value):
                if statement.label == UNLABELLED:
                    statement.label = f"{module.name}.{variable.strip('_').lower()}"


def _statements(value: Any) -> Iterable[Statement[Any]]:
    if isinstance(value, dict):
        value = tuple(value.values())
    values = value if isinstance(value, tuple) else (value,)
    return (each for each in values if isinstance(each, Statement))
