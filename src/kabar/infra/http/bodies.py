"""Bodies: decoding the JSON that a client sends into a known shape, or into errors per field."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec
from litestar.dto import AbstractDTO

from kabar.core.errors import BadRequest, FieldError, Invalid, UnsupportedMediaType
from kabar.infra.http.field_errors import field_errors, nul_errors
from kabar.infra.http.rules import ruled_fields
from kabar.infra.http.unique_names import require_unique_names

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.dto._backend import DTOBackend
    from litestar.openapi.spec import Reference, Schema
    from litestar.typing import FieldDefinition

B = TypeVar("B", bound="Body")

#: For routes that strangers call, which read only names and passwords: the longest of those fit,
#: with every character escaped. What a stranger sends is parsed before anything is known of them.
SMALL_BODY_BYTES = 16 * 1024

#: U+0000 can only be written as an escape in JSON, so one search over the bytes finds them all
_ESCAPED_NUL = b"\\u0000"


class Body(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a client sends. Types carry the rules of single fields; what concerns several goes into
    `__post_init__`, after this one."""

    def __post_init__(self) -> None:
        errors: list[FieldError] = []
        for attribute, name, rule in ruled_fields(type(self)):
            text = getattr(self, attribute)
            if isinstance(text, str):
                try:
                    setattr(self, attribute, rule(name, text))
                except Invalid as refusal:
                    errors.extend(refusal.errors)
        if errors:
            raise Invalid(errors=errors)


class MalformedJson(BadRequest):
    """The body is not JSON."""


class JsonBody(AbstractDTO[Body]):
    """Reads `data` of every route: strictly, straight from the bytes, telling all errors at once.

    Litestar's own way decodes to dictionaries first and then takes "7" for 7.
    """

    model_type = Body

    def decode_bytes(self, value: bytes) -> Any:
        connection = self.asgi_connection
        _require_json(connection.scope["headers"])
        return read_body(value, _shape_of(connection.route_handler.parsed_data_field.annotation))

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003  this and the next are Litestar's to name
        backend_cls: type[DTOBackend] | None = None,  # noqa: ARG003
    ) -> None:
        """Prepare the decoder when the route is registered, not at its first request."""
        _decoder(_shape_of(field_definition.annotation))

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003
        schema_creator: SchemaCreator,
    ) -> Reference | Schema:
        return schema_creator.for_field_definition(field_definition)


def _shape_of(annotation: Any) -> Any:
    """Return the shape of what there is, also where a route can do without."""
    kinds: tuple[Any, ...] = get_args(annotation) or (annotation,)
    return next(kind for kind in kinds if kind is not NoneType)


def read_body(body: bytes, shape: type[B]) -> B:
    """Return the body in its shape, or say what is wrong with every field."""
    try:
        found: B = _decoder(shape).decode(body)
    except msgspec.ValidationError:
        # The wrong one of two with the same name would not be found.
        require_unique_names(body)
        raise Invalid(errors=field_errors(_any_json(body), shape)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedJson from None
    if _ESCAPED_NUL in body and (errors := nul_errors(_any_json(body))):
        raise Invalid(errors=errors)
    return found


@cache
def _decoder(shape: type[B]) -> msgspec.json.Decoder[B]:
    return msgspec.json.Decoder(shape)


def _any_json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedJson from None


def _require_json(headers: Iterable[tuple[bytes, bytes]]) -> None:
    for name, value in headers:
        if name == b"content-type":
            if value == b"application/json":
                return
            kind = value.partition(b";")[0].strip().lower()
            if kind == b"application/json" or kind.endswith(b"+json"):
                return
            break
    raise UnsupportedMediaType
