// What of a browser the stores of the page ask for, and a server that answers them.

const { setTimeout: later } = globalThis;

Object.assign(globalThis, {
  self: globalThis,
  window: globalThis,
  document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
  location: new URL("http://kabar.test/"),
  addEventListener() {},
  // One that is open holds it up too.
  BroadcastChannel: class extends EventTarget {},
  // What waits for later does not hold up the end of the tests.
  setTimeout: (...what) => later(...what).unref(),
});

/** Answers by method and path; `asked` are the calls, each as `GET /api/…` without the rest. */
export class Server {
  asked = [];
  answers = {};

  constructor() {
    globalThis.fetch = async (address, { method }) => {
      const url = new URL(address);
      const path = url.pathname.slice(url.pathname.indexOf("/api/"));
      const answer = this.answers[`${method} ${path}`];
      if (path.startsWith("/api/")) this.asked.push(`${method} ${path}`);
      if (!answer) return Response.json({ code: "not_found", title: "?" }, { status: 404 });
      return Response.json(await answer(Object.fromEntries(url.searchParams)));
    };
  }

  /** Lets all that was asked be answered, and what follows from that happen. */
  async settled() {
    for (let turn = 0; turn < 20; turn++) await new Promise((resume) => setImmediate(resume));
  }

  count(call) {
    return this.asked.filter((each) => each === call).length;
  }
}

/** @returns a promise, and what fulfils it */
export function held() {
  let go = () => {};
  const until = new Promise((resume) => (go = resume));
  return { until, go };
}
