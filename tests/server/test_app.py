"""Does what the settings say reach the parts that it is about?"""

from __future__ import annotations

from dataclasses import fields

from kabar.core.settings import Settings
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.server.from_settings import realtime_limits


def test_every_limit_that_has_a_setting_follows_it() -> None:
    shared = {field.name for field in fields(RealtimeLimits)} & Settings.model_fields.keys()
    assert len(shared) > 8
    more = {name: Settings.model_fields[name].default + 1 for name in shared}
    limits = realtime_limits(Settings().model_copy(update=more))
    assert {name: getattr(limits, name) for name in shared} == more
