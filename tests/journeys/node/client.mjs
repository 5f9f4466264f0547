// A stock pusher-js that does what it reads (a line of JSON each) and writes what it hears.
// Usage: node client.mjs '{"key": …, "port": …, "token": …, "recovers": …}'

import Pusher from "pusher-js";
import { createInterface } from "node:readline";
import { recover } from "../../../examples/recover.mjs";

const { key, port, token, recovers } = JSON.parse(process.argv[2]);
const auth = (path) => ({
  endpoint: `http://127.0.0.1:${port}${path}`,
  transport: "ajax",
  headers: { Authorization: `Bearer ${token}` },
});
const pusher = new Pusher(key, {
  wsHost: "127.0.0.1",
  wsPort: port,
  forceTLS: false,
  enabledTransports: ["ws"],
  cluster: "",
  channelAuthorization: auth("/api/pusher/auth"),
  userAuthentication: auth("/api/pusher/user-auth"),
});

const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

if (recovers) recover(pusher, { onGap: (channel) => tell({ event: "gap", channel }) });

const deeds = {
  subscribe({ channel: name }) {
    const channel = pusher.subscribe(name);
    channel.unbind_all();
    channel.bind_global((event, data) => tell({ channel: name, event, data }));
  },
  unsubscribe: ({ channel }) => pusher.unsubscribe(channel),
  signin: () => pusher.signin(),
  reconnect() {
    pusher.disconnect();
    pusher.connect();
  },
  disconnect: () => pusher.disconnect(),
  connect: () => pusher.connect(),
  trigger: ({ channel, event, data }) => pusher.channel(channel).trigger(event, data),
  members({ channel }) {
    const { count, members, me } = pusher.channel(channel).members;
    tell({ event: "members", data: { count, members, me } });
  },
};

pusher.connection.bind("connected", () =>
  tell({ event: "connected", data: pusher.connection.socket_id }),
);
pusher.connection.bind("disconnected", () => tell({ event: "disconnected" }));
pusher.connection.bind("error", (error) => tell({ event: "error", data: error }));
pusher.connection.bind("message", ({ event, data }) => {
  if (event === "pusher:signin_success") tell({ event, data });
});

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const deed = JSON.parse(line);
    deeds[deed.do](deed);
  })
  .on("close", () => process.exit());
