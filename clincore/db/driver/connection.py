"""One connection to PostgreSQL, on which statements travel in libpq's pipeline mode.

docs/decisions/0003-pipelines-and-their-wait-loop.md has the reasons and the measurements.
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
from clincore.db.statements import NoRow, Statement, encode

R = TypeVar("R")

ROLE = "clincore_app"
CONNECT_TIMEOUT_SECONDS = 2
ANSWER_SECONDS = 2.8
"""How long PostgreSQL may stay silent: a little longer than its own limit for a statement, so that only a server that
hangs reaches it."""
PREPARED_MAX = 200
"""Prepared statements of one connection; the least recently used one is closed for the next."""

LOCK_TIMEOUT_SECONDS = 1.0
LIMITS = {
    "lock_timeout": f"{LOCK_TIMEOUT_SECONDS:g}s",
    "statement_timeout": "2500ms",
    "idle_in_transaction_session_timeout": "10s",
}
ON_CONNECT = (
    # Without the role a statement that forgot its tenant would run as the login, and an owner sees every tenant.
    f"SET ROLE {ROLE}",
    *(f"SET {name} = '{value}'" for name, value in LIMITS.items()),
    "SET timezone = 'UTC'",
    "SET datestyle = 'ISO'",
)

set_json_loads(orjson.loads)


FORGOTTEN = (errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement)
"""The server's prepared statements are not those that the connection knows."""


class NoAnswer(psycopg.OperationalError):
    """PostgreSQL said nothing in time: it hangs, or the network swallows what is sent."""


_Message = tuple[int, bytes]
"""Kind and, for the last two kinds, the name of a prepared statement."""
_EXECUTED, _PREPARED, _CLOSED = (0, b""), 1, 2


class Call(NamedTuple):
    """A statement with the values of its parameters; bytes are a text that has none."""

    statement: Statement[Any] | bytes
    values: Sequence[Any] = ()


_WHO = Call(b"SELECT session_user, pg_backend_pid()")
_OWN_NAMES = Statement(text("SELECT FROM pg_prepared_statements WHERE name LIKE 'clincore%'"), NoRow, "connect")
"""Finds itself, unless a pooler has given it another name."""


class Connection:
    """Sends statements in pipelines: each is a message of its own, and all of a pipeline share one round trip.

    The socket is registered once with the event loop and its answers are read in the loop's callback. Whatever ends a
    pipeline before its last answer leaves the protocol's state unknown, so it ends the connection too.
    """

    def __init__(self, connection: psycopg.AsyncConnection[Any], *, prepares: bool) -> None:
        """`connection`: just opened, nothing under way. `prepares`: whether statements may be prepared by name."""
        # Kept, because psycopg warns of a connection that is forgotten while it is open.
        self._connection = connection
        self._pgconn = connection.pgconn
        self._loop = asyncio.get_running_loop()
        self._transformer = Transformer(connection)
        self._prepares = prepares
        self._prepared: dict[bytes, None] = {}
        self._results: list[PGresult] = []
        self._results_left = 0
        """How many more results libpq can have for the pipeline under way."""
        self._waiter: asyncio.Future[None] | None = None
        self._due_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.opened_at = self._loop.time()
        self.has_unsolicited_data = False
        """PostgreSQL sent something while nothing was asked, most often that it ends the connection."""
        self.is_closed = False
        """Nothing can be sent any more."""
        self.is_lost = False
        """PostgreSQL or the network ended the connection, or does not answer on it."""
        self.is_app_login = False
        """The login is the service's role itself, so that transactions need not switch to it."""
        self.is_behind_pooler = False
        """The next transaction may run on another server session: settings of the session do not hold."""
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
            keepalives_idle=5,
            tcp_user_timeout=3000,
            client_encoding="UTF8",
            application_name="clincore",
        )
        opened = cls(connection, prepares=prepares)
        try:
            *_, who = await opened.run([*(Call(statement.encode()) for statement in ON_CONNECT), _WHO])
            opened.is_app_login = who.get_value(0, 0) == ROLE.encode()
            # A pooler makes up the number that it gives to its clients.
            opened.is_behind_pooler = who.get_value(0, 1) != str(connection.info.backend_pid).encode()
            if opened.is_behind_pooler and prepares and await opened._shares_names():
                opened.stop_preparing()
        except BaseException:
            opened.close()
            raise
        return opened

    async def _shares_names(self) -> bool:
        """Whether the pooler passes names of prepared statements on, so that all its clients use the same ones.

        pgbouncer from 1.21 on, unless `max_prepared_statements` is 0, has names of its own. Behind any other pooler the
        next transaction may get a server session that lacks what this connection prepared, or has what another did.
        """
        try:
            _, found = await self.run([Call(b"BEGIN"), Call(_OWN_NAMES)])
        except psycopg.errors.DuplicatePreparedStatement:
            await self.run([Call(b"ROLLBACK")])
            return True
        # In the same transaction, which is the same server session.
        forget = [Call(b"DEALLOCATE " + _OWN_NAMES.encoded_name)] if found.ntuples else []
        await self.run([*forget, Call(b"COMMIT")])
        return bool(forget)

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is under way, so that the next one can begin."""
        return self._pgconn.transaction_status == TransactionStatus.IDLE

    async def run(self, calls: Sequence[Call]) -> list[PGresult]:
        """Send the statements in one round trip; the result of each.

        Raises:
            psycopg.Error: a statement failed and those after it were skipped, a COMMIT among them too.
            psycopg.OperationalError: the same, or the connection is lost; what the server did is then not known.
        """
        # Encoded before anything is sent: a value that has no encoding leaves the connection as it was.
        encoded = [[encode(value) for value in call.values] for call in calls]
        try:
            sent = self._send(calls, encoded)
            # Each message has a result and an end, and the pipeline has a result of its own.
            self._results_left = 2 * len(sent) + 1
            await self._wait(calls)
        except (asyncio.CancelledError, psycopg.OperationalError) as error:
            # The server may still be at work with its answer on the way. To ask it to stop could take as long as what
            # the caller gave up on; the statement ends by its own timeout.
            self.is_lost = isinstance(error, psycopg.OperationalError)
            self.close()
            # What the server said before it hung up tells more than that it hung up.
            server_error = next((result for result in self._results if result.status == ExecStatus.FATAL_ERROR), None)
            if self.is_lost and server_error is not None:
                raise errors.error_from_result(server_error) from None
            raise
        return self._statement_results(sent)

    def rows(self, statement: Statement[R], result: PGresult) -> list[R]:
        """The rows of a result of `run`."""
        transformer = self._transformer
        transformer.set_pgresult(result)
        try:
            return transformer.load_rows(0, result.ntuples, statement.make_row)
        except psycopg.DataError as error:
            # Else it would pass for a fault of the values that the caller sent.
            raise psycopg.InternalError("a stored value cannot be read") from error
        finally:
            transformer.set_pgresult(None)

    def stop_preparing(self) -> None:
        """Send statements without a name from now on."""
        self._prepares = False

    def close(self) -> None:
        """End the connection."""
        self.is_closed = True
        self._unregister()
        self._pgconn.finish()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _send(self, calls: Sequence[Call], encoded: list[list[bytes | None]]) -> list[_Message]:
        """Hand a pipeline to libpq; what it will answer to."""
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
                    # Moved to the end: the first of the dictionary is the least recently used.
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
        # What the socket does not take now is sent when it takes more; answers are read meanwhile.
        if pgconn.flush():
            self._loop.add_writer(self._socket, self._flush)
        return sent

    def _statement_results(self, sent: list[_Message]) -> list[PGresult]:
        """The statements' own results of a pipeline that was answered, with what was prepared remembered.

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
                # PREPARE and its like are not undone with the transaction.
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
            raise error
        return results

    async def _wait(self, calls: Sequence[Call]) -> None:
        """Wait for the end of the pipeline that has sent these."""
        sent_at = self._loop.time()
        self._waiter = self._loop.create_future()
        if self.has_unsolicited_data:
            # Between two statements of a transaction the server said something, and the reader was removed.
            self._loop.add_reader(self._socket, self._read)
        # One timer serves all waits; most end before it fires.
        self._due_at = sent_at + ANSWER_SECONDS
        if self._timer is None:
            self._timer = self._loop.call_at(self._due_at, self._check_deadline)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if metrics.recorder is not None:
                metrics.recorder.round_trip(_asked_for(calls), self._loop.time() - sent_at)

    def _read(self) -> None:
        """Take what PostgreSQL sent. Called by the loop, which would call at once again if nothing were read."""
        waiter = self._waiter
        if waiter is None or waiter.done():
            # Nothing was asked: most often PostgreSQL says that it ends the connection.
            self.has_unsolicited_data = True
            self._loop.remove_reader(self._socket)
            return
        pgconn = self._pgconn
        try:
            pgconn.consume_input()
            while not pgconn.is_busy():
                result = pgconn.get_result()
                self._results_left -= 1
                if self._results_left < 0:
                    # Some that are not PostgreSQL's: libpq would return them without an end.
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
                    # libpq's own error: it does not understand what came, and may have closed the socket.
                    raise _out_of_step()
                self._results.append(result)
        except psycopg.OperationalError as error:
            self._unregister()
            waiter.set_exception(error)
            return
        self._due_at = self._loop.time() + ANSWER_SECONDS

    def _flush(self) -> None:
        """Send more of what libpq holds. Called by the loop."""
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
        """Forget the socket, before libpq closes it or in the same step: the next connection may get its number."""
        if self._socket >= 0:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._socket = -1

    def _check_deadline(self) -> None:
        """Give up a server that is silent for too long."""
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        if self._due_at > self._loop.time():
            self._timer = self._loop.call_at(self._due_at, self._check_deadline)
        else:
            self._waiter.set_exception(NoAnswer("PostgreSQL did not answer in time"))


def _asked_for(calls: Sequence[Call]) -> str:
    """The label of the last statement but COMMIT, which is the one that a caller waits for."""
    # Bytes are what sets a connection up, and transactions.
    label: str = getattr(calls[-1].statement, "label", "connect")
    if label == "commit" and len(calls) > 1:
        label = getattr(calls[-2].statement, "label", label)
    return label


def _out_of_step() -> psycopg.OperationalError:
    return psycopg.OperationalError("the answers are not those to what was sent")
