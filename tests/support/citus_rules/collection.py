"""All SQL statements of the service, by the name of the variable that holds them."""

import ast
import gc
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import clincore
from clincore.db.statements import Statement
from support.paths import ROOT


def modules() -> list[ModuleType]:
    """All modules of the package except `__main__`."""
    names = (module.name for module in pkgutil.walk_packages(clincore.__path__, "clincore."))
    return [importlib.import_module(name) for name in names if name != "clincore.__main__"]


def statements() -> dict[str, Statement[Any]]:
    """The statements in modules' variables, in containers and in attributes of the package's own objects.

    Each is listed once, under its first name. `page_with` makes statements on first use; one of each kind is included.
    """
    found: dict[int, tuple[str, Statement[Any]]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for path, statement in _within(value, f"{module.__name__.removeprefix('clincore.')}.{name}"):
                found.setdefault(id(statement), (path, statement))
    return dict(found.values()) | dict(_pages())


def _within(value: Any, path: str) -> Iterator[tuple[str, Statement[Any]]]:
    if isinstance(value, Statement):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _within(each, f"{path}[{_key(key)}]")
    elif isinstance(value, list | tuple | set | frozenset):
        for number, each in enumerate(value):
            yield from _within(each, f"{path}[{number}]")
    elif type(value).__module__.startswith("clincore."):
        slots = (name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ()))
        for name in {**getattr(value, "__dict__", {}), **dict.fromkeys(slots)}:
            yield from _within(getattr(value, name, None), f"{path}.{name}")


def _key(key: Any) -> str:
    if isinstance(key, frozenset):
        return "+".join(sorted(key))
    return "+".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _pages() -> Iterator[tuple[str, Statement[Any]]]:
    from clincore.db.queries import access_log, case_lists

    for module, combined in ((case_lists, {"tag", "after_id"}), (access_log, {"key_id", "after_id"})):
        name, every = f"db.queries.{module.__name__.rpartition('.')[2]}.page_with", {*module._FILTERS, "after_id"}
        for filters in map(frozenset, ((), *([one] for one in sorted(every)), combined, every)):
            yield f"{name}({_key(filters)})", module.page_with(filters)


def forgotten() -> list[str]:
    """The texts of statements that exist after importing the package and are missing from `statements`.

    Call it in a process in which nothing else has made a statement.
    """
    modules()
    made = [found for found in gc.get_objects() if isinstance(found, Statement)]
    collected = set(map(id, statements().values()))
    return [statement.text for statement in made if id(statement) not in collected]


def made_at_run_time() -> set[str]:
    """`module.function` of each function that makes a statement whenever another function calls it."""
    trees = {
        ".".join(path.relative_to(ROOT / "clincore").with_suffix("").parts): ast.parse(path.read_text())
        for path in (ROOT / "clincore").rglob("*.py")
    }
    functions = [
        (module, node)
        for module, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    makers = {(module, node.name) for module, node in functions if "Statement" in _called(node)}
    called = {name for _, node in functions for name in _called(node)}
    # An `async def` is never called at import.
    waits = {(module, node.name) for module, node in functions if isinstance(node, ast.AsyncFunctionDef)}
    return {f"{module}.{name}" for module, name in makers if name in called or (module, name) in waits}


def _called(function: ast.AST) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls}
