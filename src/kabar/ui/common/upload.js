// How a file is sent: with its progress, which `fetch` does not tell.

import { base, Problem, refusal } from "./api.js";
import { words } from "./words.js";

/** Nothing has moved for so long: the line is dead. */
const STALLED_MILLISECONDS = 60_000;

/**
 * @param {File} file
 * @param {{key: string, onProgress: (part: number) => void, signal: AbortSignal}} options
 *   the same `key` makes it safe to send it again
 * @returns {Promise<import("./types").Attachment>}
 */
export function upload(file, { key, onProgress, signal }) {
  const form = new FormData();
  form.append("file", file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", new URL("api/uploads", base));
  request.withCredentials = true;
  request.responseType = "blob";
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Idempotency-Key", key);
  return new Promise((resolve, reject) => {
    let timer = 0;
    const watch = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => request.abort(), STALLED_MILLISECONDS);
    };
    const lost = () => reject(unreached("unreachable", words.cannotReach));
    request.upload.onprogress = ({ loaded, total }) => {
      watch();
      onProgress(total ? loaded / total : 0);
    };
    request.onload = async () => {
      const { status } = request;
      const answer = new Response(request.response, { status, headers: headersOf(request) });
      if (answer.ok) answer.json().then(resolve, lost);
      else reject(await refusal(answer));
    };
    request.onerror = lost;
    request.onabort = () => reject(unreached("timed_out", words.timedOut));
    request.onloadend = () => clearTimeout(timer);
    signal.addEventListener("abort", () => request.abort());
    watch();
    request.send(form);
  });
}

/** @param {string} code @param {string} detail */
const unreached = (code, detail) => new Problem({ status: 0, code, detail });

/** @param {XMLHttpRequest} request */
function headersOf(request) {
  const after = request.getResponseHeader("Retry-After");
  return after ? { "Retry-After": after } : undefined;
}
