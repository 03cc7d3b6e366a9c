"""Which errors `clincore prove-isolation` accepts as the refusal of an attack."""

import pytest

from clincore.isolation.refusals import OF_CITUS, Refusal, is_refusal


def test_row_security_refuses_on_every_database() -> None:
    for of_citus in (False, True):
        assert is_refusal("42501", 'new row violates row-level security policy for table "cases"', of_citus=of_citus)


@pytest.mark.parametrize("known", OF_CITUS, ids=lambda known: known.message.split()[0])
def test_a_refusal_of_citus_counts_with_its_code_and_its_whole_message_and_on_a_cluster_only(known: Refusal) -> None:
    assert is_refusal(known.state, known.message, of_citus=True)

    assert not is_refusal(known.state, known.message, of_citus=False)
    assert not is_refusal("XX001", known.message, of_citus=True)
    assert not is_refusal(known.state, f"{known.message} yet", of_citus=True)
    assert not is_refusal(known.state, "server closed the connection", of_citus=True)
