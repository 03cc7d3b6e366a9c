"""Rules for SQL statements."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

from clincore.db.catalogue.citus import REFERENCE_TABLES
from clincore.db.models import Base
from clincore.db.statements import Statement

TENANT_COLUMNS = {
    table.name: "id" if table.name == "tenants" else "tenant_id"
    for table in Base.metadata.sorted_tables
    if table.name == "tenants" or "tenant_id" in table.columns
}
"""By table with tenants' rows: the column that names the tenant."""

_QUERIES = (exp.Select, exp.Insert, exp.Update, exp.Delete)
_TRANSACTION = (exp.Transaction, exp.Commit, exp.Rollback)
# SQL syntax that sqlglot models as functions; only their arguments are checked.
_SYNTAX = (exp.Coalesce, exp.Case, exp.If, exp.Least, exp.Greatest, exp.Nullif, exp.Cast, exp.Exists, exp.Array)


class Parsed(NamedTuple):
    """A statement as a tree; `parameters`: the names of $1, $2 and so on."""

    trees: list[exp.Expression]
    parameters: list[str]
    immutable: frozenset[str]
    """PostgreSQL's immutable functions."""


Rule = Callable[[Parsed], Iterator[str]]


class Fault(NamedTuple):
    """A rule that a statement breaks, and how."""

    rule: str
    text: str


def faults_of(statement: Statement[Any], immutable: frozenset[str]) -> Iterator[Fault]:
    """The faults that the rules find in the statement.

    Raises:
        sqlglot.errors.ParseError: sqlglot cannot parse it.
    """
    trees = [
        # Fold names as PostgreSQL does.
        normalize_identifiers(tree, dialect="postgres")
        for tree in sqlglot.parse(statement.text, dialect="postgres")
        if tree is not None
    ]
    parsed = Parsed(trees, list(statement.parameters), immutable)
    unknown = [Fault(known_kind.__name__, text) for text in known_kind(parsed)]
    yield from unknown
    for rule in RULES:
        # The other rules work only for known kinds.
        if not unknown and rule is not known_kind:
            yield from (Fault(rule.__name__, text) for text in rule(parsed))


def one_statement(parsed: Parsed) -> Iterator[str]:
    """Each text is a single statement: Citus sends the whole text that contains a SET LOCAL to its nodes."""
    if len(parsed.trees) != 1:
        yield f"the text has {len(parsed.trees)} statements"


def known_kind(parsed: Parsed) -> Iterator[str]:
    """Each statement is of a kind that these rules understand."""
    for tree in parsed.trees:
        is_setting = isinstance(tree, exp.Set) or (isinstance(tree, exp.Command) and str(tree.this).upper() == "SET")
        if not isinstance(tree, (*_QUERIES, exp.SetOperation, *_TRANSACTION)) and not is_setting:
            yield f"these rules do not know {tree.sql('postgres')[:60]}"
        for part in tree.find_all(exp.Merge, exp.Copy, exp.Command):
            if part is not tree or not is_setting:
                yield f"these rules do not know {part.sql('postgres')[:60]}"


def tenant_condition(parsed: Parsed) -> Iterator[str]:
    """Every use of a table with tenants' rows has a condition with the tenant's parameter."""
    for tree in parsed.trees:
        for table in tree.find_all(exp.Table):
            column = TENANT_COLUMNS.get(table.name)
            scope = _scope_of(table)
            if column is None or isinstance(scope, exp.Insert) or _is_cte(table):
                continue
            if not any(_names_tenant(condition, table, column) for condition in _conditions(scope, table)):
                yield f"{table.alias_or_name} has no {column} = $n of its own"


def one_tenant(parsed: Parsed) -> Iterator[str]:
    """The whole statement uses one parameter for the tenant: the session's `tenant_id`."""
    for tree in parsed.trees:
        for equal in tree.find_all(exp.EQ):
            # An assignment of UPDATE looks the same.
            if isinstance(equal.parent, exp.Update | exp.OnConflict):
                continue
            for column, value in ((equal.this, equal.expression), (equal.expression, equal.this)):
                number = _parameter(value)
                if isinstance(column, exp.Column) and number and _is_tenant_column(column):
                    yield from _foreign(parsed, number)
        for _, value in _inserted_tenants(tree):
            if value is not None and (number := _parameter(value)):
                yield from _foreign(parsed, number)


def inserted_tenant(parsed: Parsed) -> Iterator[str]:
    """Every INSERT writes the tenant, from the parameter or from the tenant column of a selected row."""
    for tree in parsed.trees:
        for insert, value in _inserted_tenants(tree):
            if value is None or not (_parameter(value) or _is_selected_tenant(value)):
                yield f"INSERT INTO {_target(insert)} writes {'no' if value is None else 'another'} tenant"


def kept_tenant(parsed: Parsed) -> Iterator[str]:
    """No UPDATE changes the tenant of a row, and the columns of ON CONFLICT include the tenant."""
    for tree in parsed.trees:
        for change in tree.find_all(exp.Update, exp.OnConflict):
            insert = change.parent if isinstance(change, exp.OnConflict) else change
            column = TENANT_COLUMNS.get(_target(insert))
            if column is None:
                continue
            for assignment in change.expressions:
                if column in {each.name for each in assignment.this.find_all(exp.Column)}:
                    yield f"{_target(insert)}.{column} is updated"
            keys = change.args.get("conflict_keys")
            if keys and column not in {each.name for key in keys for each in key.find_all(exp.Column)}:
                yield f"ON CONFLICT of {_target(insert)} is without {column}"


def plain_copies(parsed: Parsed) -> Iterator[str]:
    """A table that is copied to each node is only read, or gets rows by an INSERT without ON CONFLICT.

    Citus locks it on all nodes for any other change, for which it needs the right to UPDATE, DELETE or TRUNCATE.
    """
    for tree in parsed.trees:
        for change in tree.find_all(exp.Insert, exp.Update, exp.Delete):
            if _target(change) in REFERENCE_TABLES and not (
                isinstance(change, exp.Insert) and change.args.get("conflict") is None
            ):
                yield f"{_target(change)} is changed by more than a plain INSERT"


def constant_alternatives(parsed: Parsed) -> Iterator[str]:
    """COALESCE, LEAST, GREATEST and CASE contain only immutable functions."""
    for tree in parsed.trees:
        for alternative in tree.find_all(exp.Coalesce, exp.Least, exp.Greatest, exp.Case):
            for name in _mutable(parsed, alternative):
                yield f"{name} is in {alternative.sql('postgres')}"


def constant_changes(parsed: Parsed) -> Iterator[str]:
    """Values assigned by UPDATE and ON CONFLICT combine columns only with immutable functions.

    Conditions of UPDATE and DELETE pass columns only to immutable functions.
    """
    for tree in parsed.trees:
        for change in tree.find_all(exp.Update, exp.OnConflict):
            for assignment in change.expressions:
                value = assignment.expression
                if value is not None and value.find(exp.Column):
                    for name in _mutable(parsed, value):
                        yield f"{name} is next to a column in {assignment.sql('postgres')}"
        for changed in tree.find_all(exp.Update, exp.Delete, exp.OnConflict):
            where = changed.args.get("where")
            for call in where.find_all(exp.Func) if where else ():
                if call.find(exp.Column) and _is_mutable_call(parsed, call):
                    yield f"{_name(call)} takes a column in {call.sql('postgres')}"


def plain_returning(parsed: Parsed) -> Iterator[str]:
    """RETURNING has no function and no sub-select."""
    for tree in parsed.trees:
        for returning in tree.find_all(exp.Returning):
            for part in returning.find_all(exp.Func, exp.Query):
                if not isinstance(part, exp.Cast | exp.Binary):
                    yield f"RETURNING has {part.sql('postgres')}"


RULES: tuple[Rule, ...] = (
    one_statement,
    known_kind,
    tenant_condition,
    one_tenant,
    inserted_tenant,
    kept_tenant,
    plain_copies,
    constant_alternatives,
    constant_changes,
    plain_returning,
)


def _scope_of(node: exp.Expression) -> exp.Expression:
    """The innermost query that contains the table or column."""
    scope = node.find_ancestor(*_QUERIES)
    assert scope is not None
    return scope


def _is_cte(table: exp.Table) -> bool:
    """Whether the name refers to a CTE of the query or of an enclosing one."""
    query: exp.Expression | None = table
    while query is not None:
        with_ = query.args.get("with_")
        if with_ is not None and table.name in {cte.alias for cte in with_.expressions}:
            # Inside the WITH list the name may mean the table, which then needs the condition too.
            return table.find_ancestor(exp.With) is not with_
        query = query.parent
    return False


def _within(scope: exp.Expression, *kinds: type[exp.Expression]) -> Iterable[Any]:
    return (node for node in scope.find_all(*kinds) if _scope_of(node) is scope)


def _conditions(scope: exp.Expression, table: exp.Table) -> Iterator[exp.Expression]:
    """The conditions on each row of the table: those of the WHERE and of joins that must hold, split at AND."""
    where = scope.args.get("where")
    if where is not None:
        yield from _split(where.this)
    for join in _within(scope, exp.Join):
        on, is_joined = join.args.get("on"), any(each is table for each in join.this.find_all(exp.Table))
        # The condition of an outer join limits the rows of one side only, or of neither.
        holds = {"": True, "LEFT": is_joined, "RIGHT": not is_joined}.get(join.side, False)
        if on is not None and holds:
            yield from _split(on)


def _split(condition: exp.Expression) -> Iterator[exp.Expression]:
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from _split(condition.this)
        yield from _split(condition.expression)
    else:
        yield condition


def _names_tenant(condition: exp.Expression, table: exp.Table, column: str) -> bool:
    if not isinstance(condition, exp.EQ):
        return False
    sides = (condition.this.unnest(), condition.expression.unnest())
    for one, other in (sides, sides[::-1]):
        if isinstance(one, exp.Column) and one.name == column and _parameter(other):
            others = [each for each in _within(_scope_of(table), exp.Table) if each is not table]
            # PostgreSQL refuses an unqualified name when several sources have such a column.
            is_only = not one.table and not any(each.name in TENANT_COLUMNS for each in others)
            return is_only or one.table == table.alias_or_name
    return False


def _parameter(value: exp.Expression) -> int | None:
    """The number of the parameter, if the value is a parameter alone or in a cast."""
    while isinstance(value, exp.Cast | exp.Paren):
        value = value.this
    return int(value.name) if isinstance(value, exp.Parameter) else None


def _foreign(parsed: Parsed, number: int) -> Iterator[str]:
    name = parsed.parameters[number - 1]
    if name != "tenant_id":
        yield f"the tenant is ${number}, which is {name}"


def _is_tenant_column(column: exp.Column) -> bool:
    tables = {table.alias_or_name: table.name for table in _within(_scope_of(column), exp.Table)}
    if column.table:
        return TENANT_COLUMNS.get(tables.get(column.table, "")) == column.name
    return column.name in {TENANT_COLUMNS.get(name) for name in tables.values()}


def _target(query: exp.Expression | None) -> str:
    table = query.this if query is not None else None
    return str((table.this if isinstance(table, exp.Schema) else table).name) if table is not None else ""


def _inserted_tenants(tree: exp.Expression) -> Iterator[tuple[exp.Insert, exp.Expression | None]]:
    """Each INSERT into a table with tenants' rows, with the value of its tenant column, row by row."""
    for insert in tree.find_all(exp.Insert):
        column = TENANT_COLUMNS.get(_target(insert))
        if column is None:
            continue
        columns = [each.name for each in insert.this.expressions]
        rows = insert.expression.expressions if isinstance(insert.expression, exp.Values) else [insert.expression]
        for row in rows:
            place = columns.index(column) if column in columns else None
            # A SELECT or a row of VALUES. A UNION is not supported and counts as no tenant.
            values = row.expressions if isinstance(row, exp.Select | exp.Tuple) else []
            yield insert, None if place is None or place >= len(values) else values[place].unalias()


def _is_selected_tenant(value: exp.Expression) -> bool:
    return isinstance(value, exp.Column) and isinstance(_scope_of(value), exp.Select) and _is_tenant_column(value)


def _mutable(parsed: Parsed, node: exp.Expression) -> Iterator[str]:
    """The names of the functions in the node that are not immutable."""
    return (_name(call) for call in node.find_all(exp.Func) if _is_mutable_call(parsed, call))


def _is_mutable_call(parsed: Parsed, call: exp.Func) -> bool:
    return not isinstance(call, (*_SYNTAX, exp.Binary)) and _name(call) not in parsed.immutable


def _name(call: exp.Func) -> str:
    """The function's name in PostgreSQL. CURRENT_TIMESTAMP is not a function there, so it is not immutable."""
    match = re.match(r"\w+", call.sql("postgres"))
    return match[0].lower() if match else call.sql("postgres")
