"""The command line of the benchmarks: `python -m benchmarks NAME`."""

from pathlib import Path
from typing import Annotated

import typer

from benchmarks import (
    by_hand,
    cluster,
    cluster_admission,
    console,
    content,
    contract,
    driver,
    exports,
    fairness,
    faults,
    imports,
    launcher,
    metrics,
    pages,
    pool,
    protocol,
    records,
    request_path,
    sizing,
    soak,
    start,
    upgrade,
    usage_scale,
    verification,
    worst_bodies,
)
from benchmarks.checkout import Checkout
from benchmarks.modes import MODES

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

OTHER = "A checkout of another commit of ClinCore."
INSTEAD = "Measure this checkout of another commit instead."


def _names(words: str) -> list[str]:
    return [word for word in words.split(",") if word]


@app.command("request-path")
def run_request_path(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the candidates alternate within each.")] = 5,
    seconds: Annotated[int, typer.Option(min=1, help="Seconds of load per candidate, workload and round.")] = 8,
    chart: Annotated[Path, typer.Option(help="File for the PNG.")] = Path("build/request-path.png"),
    modes: Annotated[str, typer.Option(help=f"Only these modes, separated by commas: {','.join(MODES)}.")] = "",
    only: Annotated[str, typer.Option(help="Only these workloads, separated by commas: health,get,post,list.")] = "",
    against: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help=OTHER)] = None,
) -> None:
    """Server CPU, throughput and latency of ClinCore, FastAPI + SQLAlchemy, Starlette + asyncpg and pgbench."""
    request_path.main(
        rounds, seconds, chart, modes.split(",") if modes else [], only.split(",") if only else [], against
    )


@app.command("cluster-admission")
def run_cluster_admission(
    url: Annotated[str, typer.Argument(help="A login's URL of a database that `clincore distribute` has distributed.")],
    rounds: Annotated[int, typer.Option(min=2, help="Rounds of one request of each tenant.")] = 50,
    at_once: Annotated[str, typer.Option(help="Batches in progress at once, separated by commas.")] = "1,2,4,8,16",
) -> None:
    """Time and CPU to admit 100 tenants at once on a Citus cluster, all of whose nodes are on this machine."""
    cluster_admission.main(url, rounds, [int(one) for one in _names(at_once)])


@app.command("cluster")
def run_cluster(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the layouts alternate within each.")] = 5,
    seconds: Annotated[int, typer.Option(min=1, help="Seconds of load per layout, workload and round.")] = 4,
    connections: Annotated[int, typer.Option(min=1, help="Connections of the load generator.")] = 32,
) -> None:
    """ClinCore on a Citus cluster of 1, 2 and 4 workers, and on one PostgreSQL: rates, and CPU of each node."""
    cluster.main(rounds, seconds, connections)


@app.command("soak")
def run_soak(
    minutes: Annotated[float, typer.Option(min=0.1, help="Minutes of load.")] = 30,
    seed: Annotated[int | None, typer.Option(help="Of the faults' order and times. Default: a random one.")] = None,
) -> None:
    """Mixed load, a flood, and faults at random (kills, black holes, locks), while all invariants must hold."""
    soak.main(minutes, seed)


@app.command("faults")
def run_faults(
    requests: Annotated[int, typer.Option(min=100, help="Requests under each fault.")] = 1000,
    only: Annotated[str, typer.Option(help="Only faults with one of these words in their name, by commas.")] = "",
) -> None:
    """Time of failures, of /health and of healing while PostgreSQL or the network fails."""
    faults.main(requests, _names(only))


@app.command("usage-scale")
def run_usage_scale(
    sizes: Annotated[
        str, typer.Option(help="Numbers of events, separated by commas, smallest first.")
    ] = "10000,10000000",
) -> None:
    """PostgreSQL's time for usage and the free cap, with ten thousand and with ten million events."""
    usage_scale.main([int(size) for size in sizes.split(",")])


@app.command("records")
def run_records(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; changes and finalizing alternate within each.")] = 5,
    calls: Annotated[int, typer.Option(min=10, help="Calls of each kind per round.")] = 300,
) -> None:
    """PostgreSQL's time to finalize a case compared with a change, and the CPU to verify 200 observations."""
    records.main(rounds, calls)


@app.command("content")
def run_content(
    rounds: Annotated[int, typer.Option(min=3, help="Rounds; the steps alternate within each.")] = 15,
) -> None:
    """CPU of the event loop to parse and check a case: a typical one, and the largest ones."""
    content.main(rounds)


@app.command("verification")
def run_verification(
    seconds: Annotated[int, typer.Option(min=1, help="Seconds of each workload.")] = 5,
) -> None:
    """How long other requests wait while large revisions are verified."""
    verification.main(seconds)


@app.command("console")
def run_console(rounds: Annotated[int, typer.Option(min=1, help="Loads of each page.")] = 15) -> None:
    """First paint and size of the web console, in Chromium."""
    console.main(rounds)


@app.command("pages")
def run_pages(
    size: Annotated[int, typer.Option("--cases", min=500_000, help="Number of the tenant's cases.")] = 1_000_000,
) -> None:
    """The first page and a deep page of a million cases, with each filter."""
    pages.main(size)


@app.command("exports")
def run_exports(
    cases: Annotated[int, typer.Option(min=2000, help="Number of cases of the larger export.")] = 10_000,
) -> None:
    """Peak memory of a worker during exports of a thousand and of many cases, and cases per second."""
    exports.main(cases)


@app.command("imports")
def run_imports(
    documents: Annotated[int, typer.Option(min=10, help="Number of documents.")] = 300,
    megabytes: Annotated[int, typer.Option(min=10, help="Size of the larger file, which is only read.")] = 1000,
    jobs: Annotated[int, typer.Option(min=2, help="Processes, compared with one.")] = 4,
) -> None:
    """Documents per second of `clincore import`, and its memory for a large file."""
    imports.main(documents, megabytes, jobs)


@app.command("start")
def run_start(
    rounds: Annotated[int, typer.Option(min=1, help="Starts per candidate.")] = 5,
    against: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help=OTHER)] = None,
) -> None:
    """Time until `clincore serve` answers, CPU of `clincore --version`, memory of a worker."""
    start.main(rounds, against)


@app.command("sizing")
def run_sizing(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of load; the candidates alternate within each.")] = 5,
    seconds: Annotated[int, typer.Option(min=1, help="Seconds of load per candidate, workload and round.")] = 5,
    cases: Annotated[int, typer.Option(min=100, help="Cases whose life is measured.")] = 2000,
) -> None:
    """What docs/sizing.md says: load and memory of workers, bytes of a case, growth in a year."""
    sizing.main(rounds, seconds, cases)


@app.command("upgrade")
def run_upgrade(
    cases: Annotated[int, typer.Option(min=1, help="Number of cases.")] = 100_000,
    events: Annotated[int, typer.Option(min=1, help="Number of usage events.")] = 5_000_000,
) -> None:
    """Upgrade a large database of version 0.1.0: duration, and how long writers wait meanwhile."""
    upgrade.main(cases, events)


@app.command("pool")
def run_pool(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the candidates alternate within each.")] = 7,
    pairs: Annotated[int, typer.Option(min=100, help="Pairs per candidate and round.")] = 20_000,
) -> None:
    """CPU of acquire and release in ClinCore's pool and in psycopg_pool."""
    pool.main(rounds, pairs)


@app.command("driver")
def run_driver(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the candidates alternate within each.")] = 7,
    transactions: Annotated[int, typer.Option(min=10, help="Transactions per candidate and round.")] = 1000,
) -> None:
    """The transaction of a GET through ClinCore's session and through psycopg, with and without its pipeline."""
    driver.main(rounds, transactions)


@app.command("contract")
def run_contract(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the two alternate within each.")] = 5,
) -> None:
    """CPU per request and responses to bad input: Connexion's own stack and the compiled operations."""
    contract.main(rounds)


@app.command("worst-bodies")
def run_worst_bodies(
    against: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help=INSTEAD)] = None,
) -> None:
    """CPU of a worker for the most expensive bodies of every operation, all of which must be refused."""
    worst_bodies.main(Checkout(against.resolve()) if against else None)


@app.command("fairness")
def run_fairness(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; with and without the flood alternate.")] = 3,
    seconds: Annotated[int, typer.Option(min=1, help="Seconds of load per slice.")] = 4,
    against: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help=INSTEAD)] = None,
) -> None:
    """Ten tenants next to one that floods a worker, and throughput at ten times its capacity."""
    fairness.main(rounds, seconds, Checkout(against.resolve()) if against else None)


@app.command("metrics")
def run_metrics(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the two alternate within each.")] = 40,
    seconds: Annotated[int, typer.Option(min=1, help="Seconds of load per slice.")] = 1,
) -> None:
    """CPU per request of a worker with --metrics-port and of one without."""
    metrics.main(rounds, seconds)


@app.command("protocol")
def run_protocol(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the candidates alternate within each.")] = 5,
    seconds: Annotated[int, typer.Option(min=1, help="Seconds of load per candidate and round.")] = 4,
) -> None:
    """ClinCore's HTTP protocol and event loop compared with uvicorn's: cost, shared connections, bad clients."""
    protocol.main(rounds, seconds)


@app.command("launcher")
def run_launcher(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the two alternate within each.")] = 3,
) -> None:
    """The launcher of the embedded PostgreSQL and the wheel's: start-up time, and servers that a killed user leaves."""
    launcher.main(rounds)


@app.command("by-hand")
def run_by_hand(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the candidates alternate within each.")] = 7,
) -> None:
    """Small mechanisms written by hand, and libraries for the same purpose: time per call."""
    by_hand.main(rounds)


app()
