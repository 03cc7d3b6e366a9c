"""One connection to PostgreSQL, which sends statements in libpq's pipeline mode.

docs/decisions/0003-pipelines-and-their-wait-loop.md gives the reasons and the measurements.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple, Self, TypeVar

import orjson
import psycopg
from psycopg import errors
from psycopg.adapt import Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.json import set_json_loads
from sqlalchemy import text

from clincore import metrics
from clincore.db.errors import NodeDown, failed_node
from clincore.db.statements import ROLE, NoRow, Statement, encode
from clincore.db.urls import CONNECT_TIMEOUT_SECONDS

R = TypeVar("R")

ANSWER_SECONDS = 2.6
"""How long PostgreSQL may send nothing. It is longer than `statement_timeout`, so only a hanging server reaches it."""
SUSPECT_ANSWER_SECONDS = 0.15
"""The same for connections older than one that was found silent: a failover silences all of them at once."""
SUSPECT_SECONDS = 1.6
"""A wait that is cancelled after this time counts as silence. It is longer than requests wait for locks."""
ROWS_AT_ONCE = 1000
PREPARED_MAX = 200
"""Prepared statements of one connection. Beyond that, the least recently used ones are closed."""

LOCK_TIMEOUT_SECONDS = 1.0
LIMITS = {
    "lock_timeout": f"{LOCK_TIMEOUT_SECONDS:g}s",
    "statement_timeout": "2300ms",
    "idle_in_transaction_session_timeout": "10s",
}
ON_CONNECT = (
    # Without the role, a statement that runs with no tenant set would run as the login, and an owner sees every tenant.
    f"SET ROLE {ROLE}",
    *(f"SET {name} = '{value}'" for name, value in LIMITS.items()),
    "SET timezone = 'UTC'",
    "SET datestyle = 'ISO'",
)

set_json_loads(orjson.loads)


FORGOTTEN = (errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement)
"""Errors that show that the server's prepared statements differ from those that the connection remembers."""


_UNFIT = ("25006", "58000", "58030")
"""The server is a standby or read-only, or has a broken disk. Another host may have taken over."""


class NoAnswer(psycopg.OperationalError):
    """PostgreSQL did not answer in time: it hangs, or the network drops packets."""


_Message = tuple[int, bytes]
"""One of the kinds below and, for `_PREPARED` and `_CLOSED`, the name of the prepared statement."""
_EXECUTED, _PREPARED, _CLOSED = (0, b""), 1, 2


class Call(NamedTuple):
    """A statement and its parameter values. Bytes are the text of a statement without parameters."""

    statement: Statement[Any] | bytes
    values: Sequence[Any] = ()


_IDENTITY = Call(b"SELECT session_user, pg_backend_pid()")
_OWN_NAMES = Statement(text("SELECT FROM pg_prepared_statements WHERE name LIKE 'clincore%'"), NoRow, "connect")
"""Returns a row, for this statement itself, unless a pooler renamed it."""


class Connection:
    """Sends statements in pipelines: each is a separate message, and a whole pipeline takes one round trip.

    The socket is registered once with the event loop, and the loop's callback reads the answers. When a pipeline ends
    before its last answer, the state of the protocol is unknown, so the connection is closed.
    """

    def __init__(self, connection: psycopg.AsyncConnection[Any], *, prepares: bool) -> None:
        """`connection`: newly opened and idle. `prepares`: whether statements may be prepared by name."""
        # Keep a reference: psycopg warns when an open connection is garbage-collected.
        self._connection = connection
        self._pgconn = connection.pgconn
        self._loop = asyncio.get_running_loop()
        self._transformer = Transformer(connection)
        self._prepares = prepares
        self._prepared: dict[bytes, None] = {}
        self._results: list[PGresult] = []
        self._results_left = 0
        """How many more results libpq can return for the current pipeline."""
        self._waiter: asyncio.Future[None] | None = None
        self._answer_seconds = ANSWER_SECONDS
        self._due_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.opened_at = self._loop.time()
        self.has_unsolicited_data = False
        """PostgreSQL sent data outside a pipeline, most often the notice that it ends the connection."""
        self.is_closed = False
        """The connection can no longer be used."""
        self.is_lost = False
        """PostgreSQL or the network ended the connection, or PostgreSQL does not answer or cannot write."""
        self.is_silent = False
        """PostgreSQL did not answer in time."""
        self.is_app_login = False
        """The login is the service's role, so transactions need no SET LOCAL ROLE."""
        self.is_behind_pooler = False
        """The next transaction may run on another server session, so session settings do not last."""
        self.has_node_failed = False
        """A statement failed because a Citus node did. `Nodes` resets it."""
        self._pgconn.nonblocking = 1
        self._pgconn.enter_pipeline_mode()
        self._socket = self._pgconn.socket
        self._loop.add_reader(self._socket, self._read)

    @classmethod
    async def open(cls, conninfo: str, *, prepares: bool) -> Self:
        """Connect with libpq's connection string, and switch to the service's role.

        Raises:
            psycopg.Error: PostgreSQL cannot be reached, or refuses the login or the role.
        """
        connection = await psycopg.AsyncConnection.connect(
            conninfo,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            # Also finds idle connections that a failover has silenced, before a request uses them.
            keepalives_idle=5,
            keepalives_interval=1,
            keepalives_count=3,
            tcp_user_timeout=3000,
            client_encoding="UTF8",
            application_name="clincore",
        )
        opened = cls(connection, prepares=prepares)
        try:
            *_, identity = await opened.run([*(Call(statement.encode()) for statement in ON_CONNECT), _IDENTITY])
            opened.is_app_login = identity.get_value(0, 0) == ROLE.encode()
            # A pooler gives its clients a process id that is not the server's.
            opened.is_behind_pooler = identity.get_value(0, 1) != str(connection.info.backend_pid).encode()
            if opened.is_behind_pooler and prepares and await opened._shares_names():
                opened.stop_preparing()
        except BaseException:
            opened.close()
            raise
        return opened

    async def _shares_names(self) -> bool:
        """Whether the pooler passes the names of prepared statements through, so that all its clients share them.

        PgBouncer 1.21 and later renames them, unless `max_prepared_statements` is 0. Behind any other pooler, the next
        transaction may get a server session without this connection's statements, or with those of another client.
        """
        try:
            _, found = await self.run([Call(b"BEGIN"), Call(_OWN_NAMES)])
        except psycopg.errors.DuplicatePreparedStatement:
            await self.run([Call(b"ROLLBACK")])
            return True
        # Within one transaction the pooler keeps the same server session.
        forget = [Call(b"DEALLOCATE " + _OWN_NAMES.encoded_name)] if found.ntuples else []
        await self.run([*forget, Call(b"COMMIT")])
        return bool(forget)

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is open, so the next one can begin."""
        return self._pgconn.transaction_status == TransactionStatus.IDLE

    async def run(self, calls: Sequence[Call]) -> list[PGresult]:
        """Send the statements in one round trip and return the result of each.

        Raises:
            psycopg.Error: a statement failed; those after it, including a COMMIT, were skipped.
            psycopg.OperationalError: the same, or the connection was lost and the outcome is unknown.
        """
        # Encode before sending, so that a value without an encoding leaves the connection unchanged.
        encoded = [[encode(value) for value in call.values] for call in calls]
        try:
            sent = self._send(calls, encoded)
            # Each message has a result and an end, and the pipeline itself has a result.
            self._results_left = 2 * len(sent) + 1
            await self._wait(calls)
        except (asyncio.CancelledError, psycopg.OperationalError, MemoryError) as error:
            # The server may still run the statement and answer. A cancel request could take as long as the wait that
            # the caller gave up; `statement_timeout` ends the statement.
            self.is_silent = isinstance(error, NoAnswer)
            is_error = isinstance(error, psycopg.OperationalError) and not isinstance(error, NodeDown)
            self.is_lost = is_error or self._silent_seconds() > SUSPECT_SECONDS
            self.close()
            # An error that the server sent before it disconnected says more than the disconnect.
            server_error = next((result for result in self._results if result.status == ExecStatus.FATAL_ERROR), None)
            if is_error and server_error is not None:
                reported = errors.error_from_result(server_error)
                self.has_node_failed = failed_node(reported) is not None
                raise reported from None
            raise
        return self._statement_results(sent)

    def rows(self, statement: Statement[R], result: PGresult, first: int) -> list[R]:
        """At most `ROWS_AT_ONCE` rows in a result of `run`, from the given index on."""
        transformer = self._transformer
        transformer.set_pgresult(result)
        try:
            return transformer.load_rows(first, min(first + ROWS_AT_ONCE, result.ntuples), statement.make_row)
        except psycopg.DataError as error:
            # A DataError would blame the values that the caller sent.
            raise psycopg.InternalError("a stored value cannot be read") from error
        finally:
            transformer.set_pgresult(None)

    def stop_preparing(self) -> None:
        """Send statements without a name from now on."""
        self._prepares = False

    def suspect(self) -> None:
        """Expect the next answer within `SUSPECT_ANSWER_SECONDS`, because another connection was found silent."""
        self._answer_seconds = SUSPECT_ANSWER_SECONDS
        if self._waiter is not None and not self.is_closed:
            self._due_at = min(self._due_at, self._loop.time() + self._answer_seconds)
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(self._due_at, self._check_deadline)

    def fail(self, error: psycopg.OperationalError) -> None:
        """End the current wait for PostgreSQL, if there is one, with this error."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)

    def waited_seconds(self) -> float:
        """How long PostgreSQL has sent nothing in the current wait; 0: there is none."""
        return self._silent_seconds() if self._waiter is not None else 0.0

    def close(self) -> None:
        """End the connection."""
        self.is_closed = True
        self._unregister()
        self._pgconn.finish()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _send(self, calls: Sequence[Call], encoded: list[list[bytes | None]]) -> list[_Message]:
        """Hand a pipeline to libpq. Returns the messages, each of which gets a result."""
        pgconn, prepared = self._pgconn, self._prepared
        sent: list[_Message] = []
        for (statement, _), values in zip(calls, encoded, strict=True):
            if isinstance(statement, bytes):
                pgconn.send_query_params(statement, None)
            elif not self._prepares:
                pgconn.send_query_params(statement.encoded_text, values, None, None, Format.BINARY)
            else:
                name = statement.encoded_name
                if name in prepared:
                    # Move to the end: the first one in the dictionary is the least recently used.
                    prepared[name] = prepared.pop(name)
                elif (_PREPARED, name) not in sent:
                    pgconn.send_prepare(name, statement.encoded_text)
                    sent.append((_PREPARED, name))
                pgconn.send_query_prepared(name, values, None, Format.BINARY)
            sent.append(_EXECUTED)
        for name in list(prepared)[: len(prepared) - PREPARED_MAX] if len(prepared) > PREPARED_MAX else ():
            pgconn.send_close_prepared(name)
            sent.append((_CLOSED, name))
        pgconn.pipeline_sync()
        # The rest is sent when the socket is writable again. Answers are read meanwhile, or large values deadlock.
        if pgconn.flush():
            self._loop.add_writer(self._socket, self._flush)
        return sent

    def _statement_results(self, sent: list[_Message]) -> list[PGresult]:
        """The results of an answered pipeline's statements. Records which statements are now prepared.

        Raises:
            psycopg.Error: a message failed.
        """
        received, self._results = self._results, []
        failed = None
        results = []
        for (kind, name), result in zip(sent, received, strict=True):
            if result.status == ExecStatus.FATAL_ERROR:
                failed = failed or result
            elif result.status != ExecStatus.PIPELINE_ABORTED:
                # A rollback does not undo Parse and Close.
                if kind == _PREPARED:
                    self._prepared[name] = None
                elif kind == _CLOSED:
                    del self._prepared[name]
                else:
                    results.append(result)
        if failed is not None:
            error = errors.error_from_result(failed)
            if isinstance(error, FORGOTTEN):
                self.stop_preparing()
            self.is_lost = error.sqlstate in _UNFIT
            self.has_node_failed = failed_node(error) is not None
            raise error
        return results

    async def _wait(self, calls: Sequence[Call]) -> None:
        """Wait until the pipeline with these statements has been answered."""
        sent_at = self._loop.time()
        self._waiter = self._loop.create_future()
        if self.has_unsolicited_data:
            # The server sent data between two statements of a transaction, which removed the reader.
            self._loop.add_reader(self._socket, self._read)
        # One timer serves all waits; most end before it fires.
        self._due_at = sent_at + self._answer_seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._due_at, self._check_deadline)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if metrics.recorder is not None:
                metrics.recorder.round_trip(_label(calls), self._loop.time() - sent_at)

    def _read(self) -> None:
        """Read PostgreSQL's answers. Called by the loop, which calls again immediately if nothing is read."""
        waiter = self._waiter
        if waiter is None or waiter.done():
            # Most often the notice that PostgreSQL ends the connection.
            self.has_unsolicited_data = True
            self._loop.remove_reader(self._socket)
            return
        pgconn = self._pgconn
        try:
            pgconn.consume_input()
            self._answer_seconds = ANSWER_SECONDS
            while not pgconn.is_busy():
                result = pgconn.get_result()
                self._results_left -= 1
                if self._results_left < 0:
                    # libpq would return results that PostgreSQL did not send, without end.
                    raise _out_of_step()
                if result is None:
                    # The end of one message's results.
                    continue
                if result.status == ExecStatus.PIPELINE_SYNC:
                    if self._results_left > 0:
                        raise _out_of_step()
                    waiter.set_result(None)
                    return
                if result.status == ExecStatus.FATAL_ERROR and result.error_field(DiagnosticField.SQLSTATE) is None:
                    # An error of libpq: it cannot parse the data, and may have closed the socket.
                    raise _out_of_step()
                self._results.append(result)
        except (psycopg.OperationalError, MemoryError) as error:
            self._unregister()
            waiter.set_exception(error)
            return
        self._due_at = self._loop.time() + ANSWER_SECONDS

    def _flush(self) -> None:
        """Send more of libpq's buffer. Called by the loop."""
        try:
            if self._pgconn.flush():
                return
        except psycopg.OperationalError as error:
            self._unregister()
            if self._waiter is not None and not self._waiter.done():
                self._waiter.set_exception(error)
        else:
            self._loop.remove_writer(self._socket)

    def _unregister(self) -> None:
        """Unregister the socket from the loop, before the loop runs again: a new connection may get the same number."""
        if self._socket >= 0:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._socket = -1

    def _silent_seconds(self) -> float:
        """How long PostgreSQL has sent nothing in the current or last wait."""
        return self._loop.time() - (self._due_at - self._answer_seconds)

    def _check_deadline(self) -> None:
        """Fail the wait when the server has sent nothing for `ANSWER_SECONDS`."""
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        if self._due_at > self._loop.time():
            self._timer = self._loop.call_at(self._due_at, self._check_deadline)
        else:
            self._waiter.set_exception(NoAnswer("PostgreSQL did not answer in time"))


def _label(calls: Sequence[Call]) -> str:
    """The label of the last statement other than COMMIT: the one that the caller waits for."""
    # Bytes are statements that set up a connection or a transaction.
    label: str = getattr(calls[-1].statement, "label", "connect")
    if label == "commit" and len(calls) > 1:
        label = getattr(calls[-2].statement, "label", label)
    return label


def _out_of_step() -> psycopg.OperationalError:
    return psycopg.OperationalError("the results do not match the statements that were sent")
