"""The description of the API, and the page that shows it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import jsonschema_rs
import pytest
from litestar.routes import HTTPRoute

from kabar.server.app import Kabar
from tests.features.accounts.test_profiles import WRONG_CHANGES
from tests.features.accounts.test_registration import WRONG_FIELDS
from tests.house.tree import ROOT

DOCS = ROOT / "src/kabar/infra/http/docs_page"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The description is the same whatever the database."""
    return f"sqlite:///{tmp_path}/kabar.db"


async def test_the_description_is_openapi_3_1(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/openapi.json")

    described = answer.json()
    assert answer.status_code == 200
    assert described["openapi"].startswith("3.1")
    assert described["info"]["title"] == "Kabar"


async def test_every_route_of_the_api_is_described(
    kabar: Kabar, stranger: httpx.AsyncClient
) -> None:
    paths = (await stranger.get("/openapi.json")).json()["paths"]

    described = {
        (method.upper(), path) for path, operations in paths.items() for method in operations
    }
    for route in kabar.web.application.routes:
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/"):
            path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
            for handler in route.route_handlers:
                if handler.resolve_include_in_schema():
                    for method in handler.http_methods:
                        assert (str(method), path) in described


async def test_every_operation_says_that_errors_are_problems(stranger: httpx.AsyncClient) -> None:
    described = (await stranger.get("/openapi.json")).json()

    for operations in described["paths"].values():
        for operation in operations.values():
            problem = operation["responses"]["default"]["content"]["application/problem+json"]
            assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert "400" not in operation["responses"]
    assert described["components"]["schemas"]["Problem"]["required"]


async def test_what_the_server_refuses_the_description_refuses_too(
    stranger: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    """Lengths and forms: whoever makes a client from the description sends nothing in vain."""
    schemas = (await stranger.get("/openapi.json")).json()["components"]["schemas"]
    group: list[tuple[str, object]] = [
        ("name", " "),
        ("name", "x" * 101),
        ("avatar", "javascript:alert(1)"),
    ]
    wrong = {"Registration": WRONG_FIELDS, "ProfileChanges": WRONG_CHANGES, "RoomEdit": group}
    for shape, fields in wrong.items():
        for field, value in fields:
            # Of characters that show nothing, and of hosts, it says nothing.
            if field not in schemas[shape]["properties"] or re.search(r"[\0\a[]", str(value)):
                continue
            with subtests.test(shape=shape, field=field, value=value):
                described = schemas[shape]["properties"][field]
                assert not jsonschema_rs.is_valid(described, value)
    right = {"username": " Ann.B_1 ", "email": " Ann@Example.ORG ", "name": " Ann  B. "}
    for field, value in right.items():
        assert jsonschema_rs.is_valid(schemas["Registration"]["properties"][field], value)


async def test_a_choice_of_plain_types_is_named_as_one(stranger: httpx.AsyncClient) -> None:
    changes = (await stranger.get("/openapi.json")).json()["components"]["schemas"][
        "ProfileChanges"
    ]

    assert changes["properties"]["name"]["type"] == "string"
    assert changes["properties"]["bio"]["type"] == ["string", "null"]
    assert changes["properties"]["bio"]["maxLength"] == 500


async def test_names_are_those_of_the_wire(stranger: httpx.AsyncClient) -> None:
    described = (await stranger.get("/openapi.json")).json()

    operation = described["paths"]["/api/users"]["get"]
    assert {parameter["name"] for parameter in operation["parameters"]} == {
        "query",
        "limit",
        "cursor",
    }
    schemas = described["components"]["schemas"]
    assert "followersCount" in schemas["UserView"]["properties"]
    assert "currentPassword" in schemas["ProfileChanges"]["properties"]


async def test_the_page_loads_nothing_from_elsewhere(stranger: httpx.AsyncClient) -> None:
    page = await stranger.get("/docs")

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    used = re.findall(r'(?:src|href|spec-url)="([^"]+)"', page.text)
    assert used
    for address in used:
        assert address.startswith("/")
        assert (await stranger.get(address)).status_code == 200


def test_the_vendored_script_has_its_licence_and_version() -> None:
    assert "Apache License" in (DOCS / "openapi-explorer.LICENSE.txt").read_text()
    assert re.search(r"\d+\.\d+\.\d+", (DOCS / "README.md").read_text())


async def test_what_routes_ask_for_is_described(stranger: httpx.AsyncClient) -> None:
    paths = (await stranger.get("/openapi.json")).json()["paths"]

    make_token = paths["/api/auth/tokens"]["post"]
    assert [parameter["name"] for parameter in make_token["parameters"]] == ["Idempotency-Key"]
    assert {"200", "201", "default"} == set(make_token["responses"])
    follow = paths["/api/users/{user}/follow"]["put"]
    assert [parameter["name"] for parameter in follow["parameters"]] == ["user", "X-Socket-ID"]
    assert "security" not in follow, "signed in, as everywhere"
    assert paths["/api/auth/login"]["post"]["security"] == []
    assert "content" not in paths["/api/auth/logout"]["post"]["responses"]["204"]
