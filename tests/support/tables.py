"""The tables of tenants: what names the tenant of a row, and what the service may change."""

# What the migrations let the service change. Everything else is written once.
UPDATABLE = {
    "tenants": {"created_at"},
    "api_keys": {"label", "expires_at", "rotated_at", "revoked_at"},
    "cases": {
        "external_id",
        "status",
        "version",
        "title",
        "content",
        "amendment_reason",
        "revision",
        "type_system",
        "type_code",
        "subject_system",
        "subject_value",
        "updated_at",
        "finalized_at",
    },
    "usage_hourly": {"calls"},
    "usage_daily": {"calls"},
    "usage_watermarks": {"closed_before"},
}
# What lists find a case by, and what can be erased.
DELETABLE = {"case_tags", "case_disclosures"}
# Public keys are everybody's; the service reads them and nothing else.
SHARED_TABLE = "signing_keys"


def key_of(table: str) -> str:
    """The column that names the tenant of a row."""
    return "id" if table == "tenants" else "tenant_id"
