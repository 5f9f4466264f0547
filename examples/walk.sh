#!/usr/bin/env bash
# A group from beginning to end: three people, a room, a message, an edit, an answer, a goodbye.
# Usage: examples/walk.sh http://127.0.0.1:8000
set -euo pipefail

KABAR=${1:?Usage: $0 ADDRESS}
NUMBER=$RANDOM$RANDOM

# Takes a field out of the JSON it reads: `field '["id"]'`.
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)'"$1"')'; }

# Makes an account, and prints a token to call with.
join_in() {
  local cookies
  cookies=$(mktemp)
  curl -sSf -o /dev/null -c "$cookies" "$KABAR/api/auth/register" --json '{
    "username": "'"$1_$NUMBER"'", "name": "'"$1"'",
    "email": "'"$1_$NUMBER"'@example.org", "password": "correct horse"}'
  curl -sSf -b "$cookies" "$KABAR/api/auth/tokens" --json '{"name": "walk"}' | field '["token"]'
  rm "$cookies"
}

# Calls as somebody: `as TOKEN METHOD PATH [JSON]`.
as() {
  curl -sSf -X "$2" -H "Authorization: Bearer $1" "$KABAR$3" ${4:+--json "$4"}
}

ANN=$(join_in ann)
BUDI=$(join_in budi)
CLEO=$(join_in cleo)
BUDI_ID=$(as "$BUDI" GET /api/me | field '["id"]')
CLEO_ID=$(as "$CLEO" GET /api/me | field '["id"]')

ROOM=$(as "$ANN" POST /api/chat/rooms '{
  "name": "Garden", "participantIds": ["'"$BUDI_ID"'", "'"$CLEO_ID"'"]}' | field '["id"]')
echo "Ann made a room for three"

MESSAGE=$(as "$ANN" POST /api/chat/send '{
  "roomId": "'"$ROOM"'", "content": "Who waters on Mnday?"}' | field '["id"]')
as "$ANN" PATCH /api/chat/messages '{
  "messageId": "'"$MESSAGE"'", "content": "Who waters on Monday?"}' >/dev/null
as "$BUDI" POST /api/chat/send '{
  "roomId": "'"$ROOM"'", "content": "I do", "replyToId": "'"$MESSAGE"'"}' >/dev/null
echo "Cleo has $(as "$CLEO" GET /api/chat/unread | field '["total"]') unread messages:"
as "$CLEO" GET "/api/chat/messages?roomId=$ROOM" | python3 -c '
import json, sys
for message in json.load(sys.stdin)["messages"]:
    print("  {sender[name]}: {content}".format(**message))'

as "$CLEO" POST /api/chat/read '{"roomId": "'"$ROOM"'"}' >/dev/null
as "$CLEO" DELETE "/api/chat/rooms/$ROOM/participants/me"
echo "Cleo read them and left; $(as "$ANN" GET "/api/chat/rooms/$ROOM" | field '["participantsCount"]') remain"
