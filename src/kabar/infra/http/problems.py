"""Problems: every error that the HTTP API answers, in the form of RFC 9457."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from kabar.core.errors import (
    BadRequest,
    FieldError,
    Forbidden,
    Invalid,
    KabarError,
    MethodNotAllowed,
    NotFound,
    NotSignedIn,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from kabar.core.log import get_log
from kabar.infra.http.bodies import MalformedJson
from kabar.infra.http.field_errors import in_words
from kabar.infra.http.methods import allow
from kabar.infra.http.views import View

AnyRequest = Request[Any, Any, Any]

_log = get_log("http")
#: how Litestar's own errors are called here
_BY_STATUS: dict[int, type[KabarError]] = {
    error.status: error
    for error in (
        BadRequest,
        NotSignedIn,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        TooLarge,
        TooManyRequests,
        Unavailable,
    )
}
_PROBLEM_JSON = "application/problem+json"


class FieldProblem(View, frozen=True):
    """One field that was refused."""

    field: str
    message: str


class Problem(View, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong: `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = msgspec.field(default_factory=list)
    until: str | None = None
    reason: str | None = None


def problem_of(error: KabarError) -> Problem:
    """Return the error as it is written on the wire."""
    return Problem(
        type="about:blank",
        title=error.title,
        status=error.status,
        detail=error.detail,
        code=error.code,
        errors=[FieldProblem(field, message) for field, message in error.errors],
        until=error.until,
        reason=error.reason,
    )


def answer_problem(request: AnyRequest, failure: Exception) -> Response[Problem]:
    """Return the answer to a request that failed. An unexpected failure is logged, not shown."""
    match failure:
        case KabarError():
            error = failure
        case HTTPException():
            error = _own_error(request, failure)
        case _:
            error = KabarError()
            _log.error(
                "unexpected_error",
                method=request.scope["method"],
                path=request.scope["path"],
                exc_info=failure,
            )
    return Response(
        problem_of(error),
        status_code=error.status,
        headers=error.headers,
        media_type=_PROBLEM_JSON,
    )


EXCEPTION_HANDLERS: ExceptionHandlersMap = {Exception: answer_problem}


def _own_error(request: AnyRequest, failure: HTTPException) -> KabarError:
    if isinstance(failure, ValidationException):
        return _wrong_parameters(request, failure)
    kind = _BY_STATUS.get(failure.status_code, BadRequest if failure.status_code < 500 else None)
    if kind is None:
        _log.error("unexpected_error", exc_info=failure)
        return KabarError()
    headers = {**(failure.headers or {})}
    if "allow" in headers:
        headers["allow"] = allow(headers["allow"].split(", "))
    return kind(headers=headers)


def _wrong_parameters(request: AnyRequest, failure: ValidationException) -> KabarError:
    """Litestar found path or query parameters wrong, or no body where there should be one."""
    found = failure.extra if isinstance(failure.extra, list) else []
    if any(entry.get("key", "").startswith("data") for entry in found):
        return MalformedJson("Send a JSON object.")
    errors = [
        FieldError(_as_sent(request, entry.get("key", "")), in_words(entry["message"]))
        for entry in found
    ]
    if not errors and (missing := re.search(r"parameter '(\w+)'", failure.detail)):
        errors = [FieldError(missing[1], "This parameter is required.")]
    return Invalid(errors=errors)


def _as_sent(request: AnyRequest, parameter: str) -> str:
    """Return the name that clients know a parameter by (`roomId`, not `room_id`)."""
    known = request.route_handler.parsed_fn_signature.parameters.get(parameter)
    return getattr(known and known.kwarg_definition, "name", None) or parameter
