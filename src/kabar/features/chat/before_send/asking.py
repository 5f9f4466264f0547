"""Asking: a signed call for each message, bounded in time and in number, outside transactions."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import aiohttp
import msgspec

from kabar.core.errors import Invalid
from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.core.log import get_log
from kabar.core.settings import Settings
from kabar.core.times import rfc3339, utc_now
from kabar.features.chat.before_send.breaker import Breaker
from kabar.features.chat.before_send.errors import MessageNotChecked, MessageRefused
from kabar.features.chat.before_send.schemas import AskedMessage, Question, Verdict
from kabar.features.chat.text import require_content
from kabar.infra.outbound.bounded_answers import BoundedConnector

#: of its answer, head and all
_LONGEST_ANSWER = 256 * 1024
#: of what the sender is told
_LONGEST_TEXT = 500

_log = get_log("before_send")
_decode = msgspec.json.Decoder(Verdict).decode


#: RuntimeError: aiohttp's, of an answer that was cut off because it is too long
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, ValueError, RuntimeError)


class _Failed(Exception):
    """It did not answer, or not in a way that can be understood."""


class BeforeSend:
    """Asks the application, if there is one: `async with BeforeSend(settings) as hook`."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.before_send_url
        self._secret = _key(settings.before_send_secret)
        self._seconds = settings.before_send_seconds
        self._is_required = settings.before_send_required
        self._max_characters = settings.message_max_characters
        self._turns = asyncio.Semaphore(settings.before_send_at_once)
        self._breaker = Breaker()
        self._opened = AsyncExitStack()
        self._session: aiohttp.ClientSession

    @property
    def is_asked(self) -> bool:
        return self._url is not None

    async def __aenter__(self) -> Self:
        self._session = await self._opened.enter_async_context(
            aiohttp.ClientSession(
                connector=BoundedConnector(max_bytes=_LONGEST_ANSWER, limit=0),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._opened.aclose()

    async def judge(self, asked: AskedMessage) -> str:
        """Return what is said instead, mostly the same. Raises what its sender is told."""
        if self._url is None:
            return asked.content
        try:
            verdict = await self._ask(self._url, asked)
            content = self._content_of(verdict, asked)
        except _Failed as failure:
            _log.warning("before_send_failed", reason=str(failure), kept=not self._is_required)
            if self._is_required:
                raise MessageNotChecked from None
            return asked.content
        return content

    async def _ask(self, url: str, asked: AskedMessage) -> Verdict:
        if not self._breaker.lets_through():
            raise _Failed("it has not answered for a while")
        body = encode_json(Question(timestamp=rfc3339(utc_now()), data=asked))
        try:
            async with asyncio.timeout(self._seconds), self._turns:
                verdict = await self._post(url, body)
        except _FAILURES as failure:
            self._breaker.failed()
            raise _Failed(f"{type(failure).__name__}: {failure}") from None
        self._breaker.answered()
        return verdict

    async def _post(self, url: str, body: bytes) -> Verdict:
        headers = {"Content-Type": "application/json", "User-Agent": "Kabar"}
        headers |= signature_headers(self._secret, body)
        post = self._session.post(url, data=body, headers=headers, allow_redirects=False)
        async with post as response:
            if response.status == 204:
                return Verdict("allow")
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            return _decode(await response.read())

    def _content_of(self, verdict: Verdict, asked: AskedMessage) -> str:
        match verdict.action:
            case "refuse":
                raise MessageRefused((verdict.text or "").strip()[:_LONGEST_TEXT] or None)
            case "replace":
                if asked.poll is not None:
                    raise _Failed("it would replace the words of a poll, which has none")
                try:
                    return require_content(
                        verdict.content or "",
                        max_characters=self._max_characters,
                        may_be_empty=bool(asked.attachment_ids),
                    )
                except Invalid:
                    raise _Failed("it answers with a content that is no message") from None
        return asked.content


def signature_headers(secret: bytes, body: bytes) -> dict[str, str]:
    """Return the headers by which Standard Webhooks are known to be genuine."""
    call_id, seconds = f"msg_{new_id()}", str(int(utc_now().timestamp()))
    signed = b".".join((call_id.encode(), seconds.encode(), body))
    digest = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": call_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{digest}",
    }


def _key(secret: str | None) -> bytes:
    return base64.b64decode((secret or "").removeprefix("whsec_"))
