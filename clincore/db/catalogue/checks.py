"""All checks of the catalogue, and those that the service runs at start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clincore.db.catalogue import citus, objects, policies, privileges, roles, server_log, tables, versions
from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue


@dataclass(frozen=True)
class Check:
    """One check of the catalogue: a function that yields what is wrong."""

    find_faults: Callable[[Catalogue], Iterable[Fault]]

    @property
    def name(self) -> str:
        return self.find_faults.__name__

    @property
    def title(self) -> str:
        """What is true when there are no faults: the first line of the function's docstring."""
        return (self.find_faults.__doc__ or "").splitlines()[0].rstrip(".")


# In this order, because at start only the first fault is shown, and an unfit login causes the faults of its rights.
STARTUP_ROLES = tuple(
    map(Check, (roles.login, roles.role, roles.switch, roles.becomes, roles.ownership, citus.services_node))
)
STARTUP_TABLES = tuple(
    map(
        Check,
        (
            tables.row_security,
            policies.operator_policies,
            policies.foreign_policies,
            policies.defaults,
            privileges.temporary,
            citus.extension_functions,
            citus.forwarded_settings,
            citus.distributed_tables,
        ),
    )
)
# The service logs these and starts.
STARTUP_ADVICE = (Check(roles.separate_login), Check(server_log.logged_values))
ALL = (
    *STARTUP_ROLES,
    *STARTUP_ADVICE,
    *map(Check, (roles.attributes, roles.memberships, roles.one_owner)),
    *STARTUP_TABLES,
    *map(
        Check,
        (
            policies.policies,
            policies.policy_functions,
            tables.tenant_columns,
            tables.keys,
            tables.foreign_keys,
            objects.views,
            objects.functions,
            objects.triggers,
            privileges.rights,
            privileges.system_rights,
            privileges.default_rights,
            objects.large_objects,
            objects.sequences,
            objects.publications,
            privileges.set_config,
            versions.minor_version,
        ),
    ),
)
