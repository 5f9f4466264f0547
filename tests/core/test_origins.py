"""Is an origin the same in every spelling?"""

from __future__ import annotations

import pytest

from kabar.core.origins import origin_of


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("https://app.example", "https://app.example"),
        ("https://app.example/", "https://app.example"),
        ("HTTPS://App.Example", "https://app.example"),
        ("https://app.example:443", "https://app.example"),
        ("https://app.example:443/", "https://app.example"),
        ("http://app.example:80", "http://app.example"),
        ("http://app.example:443", "http://app.example:443"),
        ("https://app.example:80", "https://app.example:80"),
        ("https://app.example:08443", "https://app.example:8443"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://XN--Mller-Kva.example", "https://xn--mller-kva.example"),
        ("capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_an_origin_is_compared_as_browsers_write_it(written: str, compared: str) -> None:
    assert origin_of(written) == compared
    assert origin_of(compared) == compared


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "null",
        "app.example",
        "//app.example",
        "https://",
        "https:app.example",
        "https://*.example",
        "https://app.example/path",
        "https://app.example//",
        "https://app.example?query",
        "https://app.example#fragment",
        "https://ann@app.example",
        "https://app.example:",
        "https://app.example:0",
        "https://app.example:65536",
        "https://app.example:port",
        "https://müller.example",
        "https://[::1",
        "https://app.example https://other.example",
        "https://app.example\n",
    ],
)
def test_what_is_not_an_origin_is_none(text: str) -> None:
    assert origin_of(text) is None
