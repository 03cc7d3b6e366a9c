"""Settings from environment variables."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from psycopg.pq import Conninfo
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from clincore.errors import StartupError

TOKEN_MIN = 32
MAKE_TOKEN = "openssl rand -hex 32"
# As browsers send it (RFC 6454, section 6.2): a host in ASCII and lower case, and no path.
_ORIGIN = re.compile(r"(https?)://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?", re.ASCII)
_DEFAULT_PORTS = {("http", "80"), ("https", "443")}
_LIBPQ_PARAMETERS = {option.keyword.decode() for option in Conninfo.get_defaults()}


class SettingsError(StartupError):
    """A setting is invalid; the text is one line that says what to do."""


class Settings(BaseSettings):
    """The operator's settings. An empty variable counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: SecretStr | None = None
    """Where the service logs in; unset: the embedded PostgreSQL."""
    migration_database_url: SecretStr | None = None
    """Where the owner of the tables logs in; unset: `database_url`."""
    bootstrap_token: SecretStr | None = None
    """The token that `POST /bootstrap` requires; unset: the operation is disabled."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    log_format: Literal["auto", "json", "text"] = "auto"
    """`auto`: text on a terminal, JSON elsewhere."""
    data_dir: Annotated[Path, Field(validation_alias="CLINCORE_DATA_DIR")] = Path(".clincore")
    """Where the embedded PostgreSQL keeps its data."""
    signing_key: Annotated[Path | None, Field(validation_alias="CLINCORE_SIGNING_KEY")] = None
    """The PEM file with the private key that signs revisions; unset: the embedded server's own, or none."""
    cors_origins: Annotated[tuple[str, ...], NoDecode, Field(validation_alias="CLINCORE_CORS_ORIGINS")] = ()
    """Origins of browser applications that may call the API, separated by commas or spaces; unset: none."""

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _exact_origins(cls, value: object) -> object:
        origins = tuple(value.replace(",", " ").split()) if isinstance(value, str) else value
        for number, origin in enumerate(origins if isinstance(origins, tuple) else (), start=1):
            form = "write it as https://app.example.org"
            if origin == "*":
                raise ValueError("does not accept *; list each origin, such as https://app.example.org")
            matched = _ORIGIN.fullmatch(origin)
            if matched is None:
                raise ValueError(f"has an invalid origin at position {number}; {form}, in lower case, without a path")
            if matched.groups() in _DEFAULT_PORTS:
                raise ValueError(f"has a default port at position {number}, which browsers omit; {form}")
        return origins

    connections_per_address: Annotated[
        int, Field(validation_alias="CLINCORE_CONNECTIONS_PER_ADDRESS", ge=1, le=100_000)
    ] = 256
    """The most connections, or requests through trusted proxies, that one address may have open with a worker."""
    trusted_proxies: Annotated[
        tuple[IPv4Network | IPv6Network, ...] | None, NoDecode, Field(validation_alias="CLINCORE_TRUSTED_PROXIES")
    ] = None
    """Addresses whose X-Forwarded-For is trusted; unset: every private address may be a proxy, but none is trusted."""

    @field_validator("*", mode="before")
    @classmethod
    def _without_line_end(cls, value: object) -> object:
        # Editors, secret stores and Windows may leave a line end. No setting can contain one.
        return value.strip("\r\n") if isinstance(value, str) else value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.strip().lower() == "none":
            return ()
        try:
            return tuple(ip_network(part.strip()) for part in value.split(","))
        except ValueError:
            raise ValueError("must be comma-separated addresses or networks, such as 10.0.0.0/8, or none") from None

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("log_format", mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _psycopg_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        form = "postgresql://user:password@host:5432/dbname"
        # As libpq and providers of databases write it.
        text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value.get_secret_value())
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            raise ValueError(f"is not a URL; write it as {form}") from None
        if url.drivername != "postgresql+psycopg":
            raise ValueError(f"names the driver {url.drivername!r}, ClinCore uses psycopg 3; write it as {form}")
        if not url.database:
            raise ValueError(f"names no database; write it as {form}")
        unknown = sorted(set(url.query) - _LIBPQ_PARAMETERS - {"prepare_threshold"})
        if unknown:
            raise ValueError(f"has the parameter {unknown[0]!r}, which PostgreSQL's libpq does not know")
        threshold = url.query.get("prepare_threshold", "5")
        if threshold != "none" and not (isinstance(threshold, str) and threshold.isdecimal()):
            raise ValueError("has a prepare_threshold that is neither a number nor 'none'")
        return SecretStr(text)

    @model_validator(mode="after")
    def _both_databases(self) -> Self:
        if self.migration_database_url is not None and self.database_url is None:
            raise ValueError("MIGRATION_DATABASE_URL needs DATABASE_URL, the login of the service itself")
        return self

    @field_validator("bootstrap_token")
    @classmethod
    def _is_a_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        token = value.get_secret_value()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise ValueError(f"has characters that an HTTP header cannot carry; make one with `{MAKE_TOKEN}`")
        if len(token) < TOKEN_MIN:
            raise ValueError(f"has fewer than {TOKEN_MIN} characters; make one with `{MAKE_TOKEN}`")
        return value


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable is invalid. The text names the variable but never its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        words = [str(place).upper() for place in first["loc"]] + [_plain(first["msg"])]
        raise SettingsError(" ".join(words)) from None


def _plain(message: str) -> str:
    """A message of pydantic that follows the name of a variable."""
    return message.removeprefix("Value error, ").replace("Input should be", "must be")
