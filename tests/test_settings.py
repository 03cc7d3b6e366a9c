"""Settings from the environment."""

import pytest

from clincore.settings import SettingsError, load


@pytest.mark.parametrize(
    ("variable", "origins"),
    [
        ("", ()),
        ("https://app.example.org", ("https://app.example.org",)),
        ("https://a.example , http://localhost:5173", ("https://a.example", "http://localhost:5173")),
        ("http://[::1]:8080 https://xn--bcher-kva.example", ("http://[::1]:8080", "https://xn--bcher-kva.example")),
    ],
)
def test_origins_are_separated_by_commas_or_spaces(
    monkeypatch: pytest.MonkeyPatch, variable: str, origins: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CLINCORE_CORS_ORIGINS", variable)

    assert load().cors_origins == origins


@pytest.mark.parametrize(
    "variable",
    [
        "*",
        "null",
        "https://*.example.org",
        "app.example.org",
        "https://app.example.org/",
        "https://app.example.org/path",
        "https://App.example.org",
        "https://bücher.example",
        "https://user@app.example.org",
        "https://app.example.org:443",
        "http://app.example.org:80",
        "https://app.example.org:0",
        "https://app.example.org:port",
        "file://",
        "https://a.example;https://b.example",
        '["https://a.example"]',
    ],
)
def test_an_origin_in_a_form_that_no_browser_sends_is_refused(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("CLINCORE_CORS_ORIGINS", f"https://good.example {variable}")

    with pytest.raises(SettingsError, match=r"^CLINCORE_CORS_ORIGINS [^\n]*https://app\.example\.org[^\n]*$"):
        load()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_urls_of_databases_are_accepted_with_each_usual_scheme(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://a:p%40ss@db:5432/c?sslmode=require")

    url = load().database_url

    assert url is not None
    assert url.get_secret_value() == "postgresql+psycopg://a:p%40ss@db:5432/c?sslmode=require"
