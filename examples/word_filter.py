"""An application that Kabar asks before it keeps a message: bad words are refused, or starred."""

#   KABAR_BEFORE_SEND_SECRET=whsec_… python word_filter.py words.txt 8099
#   KABAR_BEFORE_SEND_URL=http://127.0.0.1:8099/ KABAR_BEFORE_SEND_SECRET=whsec_… kabar serve
#
# A line of the file is a word; one that begins with `!` is refused, the others get stars.

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SECRET = base64.b64decode(os.environ["KABAR_BEFORE_SEND_SECRET"].removeprefix("whsec_"))
WORDS = Path(sys.argv[1]).read_text(encoding="utf-8").split()
REFUSED = [word.removeprefix("!") for word in WORDS if word.startswith("!")]
STARRED = [word for word in WORDS if not word.startswith("!")]


def any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(map(re.escape, words)) or '(?!)'})\b", re.IGNORECASE)


def judge(message: dict) -> dict:
    said = [message["content"]]
    if poll := message["poll"]:
        said += [poll["question"], *poll["options"]]
    if any(any_of(REFUSED).search(text) for text in said):
        return {"action": "refuse", "text": "Please mind your words."}
    clean = any_of(STARRED).sub(lambda word: "*" * len(word[0]), message["content"])
    if clean != message["content"]:
        return {"action": "replace", "content": clean}
    return {"action": "allow"}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if not self.is_genuine(body):
            self.send_error(401)
            return
        answer = json.dumps(judge(json.loads(body)["data"])).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def is_genuine(self, body: bytes) -> bool:
        sent_at = self.headers["webhook-timestamp"]
        signed = f"{self.headers['webhook-id']}.{sent_at}.".encode() + body
        good = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
        is_signed = hmac.compare_digest(f"v1,{good}", self.headers["webhook-signature"])
        return is_signed and abs(time.time() - int(sent_at)) < 300

    def log_message(self, *_what: object) -> None: ...


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler) as server:
        print(f"Listening on http://127.0.0.1:{server.server_address[1]}/", flush=True)
        server.serve_forever()
