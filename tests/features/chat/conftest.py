"""Three people and the direct room of two of them."""

from __future__ import annotations

import pytest

from tests.features.chat.talk import Json, direct_room
from tests.people import MakePerson, Person


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def ben(person: MakePerson) -> Person:
    return await person("ben")


@pytest.fixture
async def cleo(person: MakePerson) -> Person:
    return await person("cleo")


@pytest.fixture
async def room(ann: Person, ben: Person) -> Json:
    """The direct room of Ann and Ben."""
    return await direct_room(ann, ben)
