// How the UI speaks to the server: one call, one kind of error.

import { words } from "./words.js";

/** Where Kabar is served: the folder above `ui/`. */
export const base = new URL("../..", import.meta.url);

const TIMEOUT_MILLISECONDS = 15_000;
const PAUSE_MILLISECONDS = 3_000;

/** Tells, as "signed-out", that the server no longer knows this session. */
export const api = new EventTarget();

/** An answer that is not what was asked for, in words for a person. */
export class Problem extends Error {
  /** @param {{status: number, code: string, detail: string, errors?: import("./types").FieldError[], retryAfter?: number}} problem */
  constructor({ status, code, detail, errors = [], retryAfter = 0 }) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call may be answered later. */
  get mayPass() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** So long one waits before one asks again. */
  get pauseMilliseconds() {
    return Math.max(this.retryAfter * 1_000, PAUSE_MILLISECONDS);
  }
}

/** @type {() => string | null} */
let socketId = () => null;

/** Writes name the socket of this page, so that it is spared the echo of its own events.
 * @param {() => string | null} source */
export function nameSocket(source) {
  socketId = source;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{body?: unknown, query?: Record<string, string | number | null | undefined>, key?: string}} [options]
 *   what has a key is done once, however often it is sent
 * @returns {Promise<any>}
 */
export async function call(method, path, { body, query = {}, key } = {}) {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
  }
  const response = await reached(send(method, url, body, key));
  // An answer may break off after its head, when the server or a proxy ends.
  if (response.ok) return response.status === 204 ? null : reached(response.json());
  throw await refusal(response);
}

/** What was answered instead; who is signed out is told so. @param {Response} response */
export async function refusal(response) {
  const problem = await readProblem(response);
  if (problem.status === 401 && problem.code !== "bad_credentials") {
    api.dispatchEvent(new Event("signed-out"));
  }
  return problem;
}

/** @param {string} method @param {URL} url @param {unknown} body @param {string} [key] */
function send(method, url, body, key) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  const socket = socketId();
  if (method !== "GET" && socket) headers["X-Socket-ID"] = socket;
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return fetch(url, {
    method,
    headers,
    credentials: "include",
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
}

/**
 * For what nobody misses when it is lost; everything else says that it failed, and how to go on.
 * @param {Promise<unknown>} work
 */
export function unmissed(work) {
  return work.catch((error) => {
    if (!(error instanceof Problem)) throw error;
  });
}

/** @template T @param {Promise<T>} step @returns {Promise<T>} */
async function reached(step) {
  try {
    return await step;
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    throw new Problem({
      status: 0,
      code: late ? "timed_out" : "unreachable",
      detail: late ? words.timedOut : words.cannotReach,
    });
  }
}

/** @param {Response} response */
async function readProblem(response) {
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  const { code = "", title = "", detail, errors } = await response.json().catch(() => ({}));
  const said = response.status < 500 && (detail || title);
  return new Problem({
    status: response.status,
    code,
    detail: said || words.serverFailed,
    errors,
    retryAfter,
  });
}
