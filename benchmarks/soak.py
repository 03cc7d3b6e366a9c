"""Memory of one worker over many mixed requests: after the first tenth, and at the end."""

import psutil
from rich.console import Console

from benchmarks.harness import TOKEN, make_tenant, postgresql, serve, wrk
from benchmarks.work import BODY, mixed

PORT = 8821
GROWTH_MAX = 0.05


def main(requests: int) -> None:
    """Measure and print. Exit code 1: the worker grew by more than 5 % after the first tenth."""
    console = Console()
    with postgresql() as server:
        variables = {"DATABASE_URL": server.url, "MIGRATION_DATABASE_URL": server.owner_url, "BOOTSTRAP_TOKEN": TOKEN}
        with serve("clincore.asgi:app", PORT, 1, None, variables) as pid:
            url = f"http://127.0.0.1:{PORT}"
            tenant = make_tenant(url, server, "soak", BODY)
            works = mixed(tenant)
            done, first, sizes = 0, 0, []
            while done < requests:
                done += wrk(PORT, 2, works).requests
                size = psutil.Process(pid).memory_info().rss
                sizes.append((done, size))
                if not first and done >= requests // 10:
                    first = size
            for count, size in sizes[:: max(1, len(sizes) // 10)]:
                console.print(f"{count:>9} requests  {size / 2**20:7.1f} MiB")
            growth = sizes[-1][1] / first - 1
            console.print(f"grown by {growth:.1%} from the first {requests // 10} requests to {done}")
    if growth > GROWTH_MAX:
        raise SystemExit(1)
