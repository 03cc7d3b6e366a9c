"""Tables: the column that names the tenant, and the columns and rows that the service may change."""

# Columns that the migrations let the service update. All others are written once.
UPDATABLE = {
    "tenants": {"created_at"},
    "api_keys": {"label", "expires_at", "rotated_at", "revoked_at", "rate_limit_per_minute", "scopes"},
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
        "change_seq",
        "numbered_version",
    },
    "usage_hourly": {"calls"},
    "usage_daily": {"calls"},
    "usage_outcomes": {"calls"},
    "usage_watermarks": {"closed_before"},
    "change_feeds": {"last_seq"},
    "idempotency_keys": {"case_id", "status", "headers", "body"},
    "rate_limit_counters": {"second", "leased", "granted"},
}
# Tables whose rows the service may delete: tags, Disclosures that can be erased, and answers that are kept for a day.
DELETABLE = {"case_tags", "case_disclosures", "idempotency_keys"}
# Public keys belong to no tenant. The service may only read them.
SHARED_TABLE = "signing_keys"


def key_of(table: str) -> str:
    """The column that names the tenant of a row."""
    return "id" if table == "tenants" else "tenant_id"
