// A stock pusher-js that does what it reads (a line of JSON each) and writes what it hears.
// Usage: node client.mjs '{"key": …, "port": …, "token": …, "signer": "http://…", "recovers": …}'

import Pusher from "pusher-js";
import { createInterface } from "node:readline";
import { recover } from "../../../examples/recover.mjs";
import { start } from "./pusher_client.mjs";

const settings = JSON.parse(process.argv[2]);
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const { pusher, deeds } = start(Pusher, settings, tell);
if (settings.recovers) recover(pusher, { onGap: (channel) => tell({ event: "gap", channel }) });

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const deed = JSON.parse(line);
    deeds[deed.do](deed);
  })
  .on("close", () => process.exit());
