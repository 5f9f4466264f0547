"""Moderators for tests, and people whom they look after."""

from __future__ import annotations

import pytest

from kabar.features.accounts.models import ServerRole
from kabar.features.moderation.roles import give_role
from kabar.server.app import Kabar
from tests.features.keys.conftest import MakeApplication, application
from tests.people import MakePerson, Person

__all__ = ["MakeApplication", "application"]


async def made(kabar: Kabar, person: Person, role: ServerRole) -> Person:
    await kabar.db.write(give_role, user=person.username, role=role)
    return person


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def ben(person: MakePerson) -> Person:
    return await person("ben")


@pytest.fixture
async def mod(kabar: Kabar, person: MakePerson) -> Person:
    return await made(kabar, await person("mod"), ServerRole.MODERATOR)


@pytest.fixture
async def admin(kabar: Kabar, person: MakePerson) -> Person:
    return await made(kabar, await person("admin"), ServerRole.ADMIN)
