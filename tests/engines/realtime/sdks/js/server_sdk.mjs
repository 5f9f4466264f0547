// A server SDK that does what it reads (a line of JSON each) and tells what came of it.
// Usage: node server_sdk.mjs '{"library": "pusher", "options": {…}}'

import { createInterface } from "node:readline";

const { library, options } = JSON.parse(process.argv[2]);
const { default: Pusher } = await import(library);
const pusher = new Pusher(options);

const deeds = {
  async webhook(request) {
    const webhook = pusher.webhook(request);
    if (!(await webhook.isValid())) return null;
    return { time: webhook.getTime().getTime(), events: webhook.getEvents() };
  },
};

async function done(deed, details) {
  const found = await (deeds[deed] ?? pusher[deed].bind(pusher))(...details);
  return typeof found?.json === "function" ? found.json() : found;
}

const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { number, deed, details } = JSON.parse(line);
    done(deed, details).then(
      (answer) => tell({ number, answer: answer ?? null }),
      ({ message, status, body }) => tell({ number, error: { message, status, body } }),
    );
  })
  .on("close", () => process.exit());
