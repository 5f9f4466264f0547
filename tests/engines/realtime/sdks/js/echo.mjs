// A stock Laravel Echo that does what it reads (a line of JSON each) and writes what it hears.
// Usage: node echo.mjs '{"options": {…}, "signer": "http://…/pusher", "token": …}'

import Echo from "laravel-echo";
import Pusher from "pusher-js";
import { createInterface } from "node:readline";

const { options, signer, token } = JSON.parse(process.argv[2]);
const echo = new Echo({
  ...options,
  Pusher,
  wsHost: "127.0.0.1",
  forceTLS: false,
  enabledTransports: ["ws"],
  authEndpoint: `${signer}/auth`,
  userAuthentication: { endpoint: `${signer}/user-auth`, headers: {} },
  bearerToken: token,
});
const { connection } = echo.connector.pusher;

const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const teller = (channel, event) => (data) => tell({ channel, event, data });

// `how` is what an application would write: channel, private, encryptedPrivate or join.
const deeds = {
  open({ how, channel }) {
    const found = echo[how](channel)
      .subscribed(teller(channel, "subscribed"))
      .error(teller(channel, "refused"));
    if (how === "join") {
      found
        .here(teller(channel, "here"))
        .joining(teller(channel, "joining"))
        .leaving(teller(channel, "leaving"));
    }
  },
  listen: ({ how, channel, event }) => echo[how](channel).listen(event, teller(channel, event)),
  listenForWhisper: ({ how, channel, event }) =>
    echo[how](channel).listenForWhisper(event, teller(channel, event)),
  notification: ({ how, channel }) =>
    echo[how](channel).notification(teller(channel, "notification")),
  whisper: ({ how, channel, event, data }) => echo[how](channel).whisper(event, data),
  leave: ({ channel }) => echo.leave(channel),
  signin() {
    connection.bind("message", ({ event, data }) => {
      if (event === "pusher:signin_success") tell({ event, data });
    });
    echo.connector.signin();
  },
  reconnect() {
    echo.connector.pusher.disconnect();
    echo.connector.pusher.connect();
  },
};

connection.bind("connected", () => tell({ event: "connected", data: echo.socketId() }));
connection.bind("error", (error) => tell({ event: "error", data: error }));

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const deed = JSON.parse(line);
    deeds[deed.do](deed);
    tell({ event: "did", data: deed.do });
  })
  .on("close", () => process.exit());
