"""Write documents of random cases to the standard output, a Bundle a line: plain ones and patient summaries.

python tools/fhir/documents.py COUNT
"""

import random
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.case_bodies import LISTS, Bodies  # noqa: E402
from support.fhir import case_of, document_of, signature  # noqa: E402


def main(count: int) -> None:
    for seed in range(count):
        source = random.Random(seed)
        case = case_of(Bodies(source).case())
        signatures = []
        if seed % 3 == 0:
            erased = source.sample((*LISTS, "subject", "author", "custodian", "encounter", "plan"), 3)
            lists = set(LISTS).intersection(erased)
            case |= {"status": "final", "revision": 1, "erased": erased} | {
                name: [] if name in lists else None for name in erased
            }
            signatures = [signature("authorship"), signature("review", minute=1, name=None)]
        for profile in (None, "ips"):
            sys.stdout.buffer.write(document_of(case, *signatures, profile=profile) + b"\n")


def broken() -> None:
    over = {"code": {"text": "Asthma"}, "clinical_status": "resolved", "abatement": {"date_time": "2019"}}
    content = document_of(case_of({"conditions": [over]}))
    sys.stdout.buffer.write(content.replace(b'"code":"resolved"', b'"code":"active"') + b"\n")
    sys.stdout.buffer.write(content.replace(b'"clinicalStatus"', b'"clinicalState"') + b"\n")


if __name__ == "__main__":
    if sys.argv[1] == "broken":
        broken()
    else:
        main(int(sys.argv[1]))
