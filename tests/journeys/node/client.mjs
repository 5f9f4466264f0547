// A stock pusher-js that does what it reads (a line of JSON each) and writes what it hears.
// Usage: node client.mjs '{"key": …, "port": …, "token": …, "signer": "http://…/pusher"}'

import Pusher from "pusher-js";
import { createInterface } from "node:readline";
import { start } from "./pusher_client.mjs";

const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const { deeds } = start(Pusher, JSON.parse(process.argv[2]), tell);

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const deed = JSON.parse(line);
    deeds[deed.do](deed);
  })
  .on("close", () => process.exit());
