// Where the realtime connection goes: to Kabar itself, to another host, or to hosted Pusher.

import { base } from "../common/api.js";

/**
 * What the server tells in `ui/config.json`. Without a key it has no realtime.
 * @typedef {{key: string | null, path?: string, activityTimeout?: number,
 *   messageMaxCharacters?: number, messageMaxAttachments?: number, uploadMaxBytes?: number,
 *   erasedMessages?: "keep" | "remove", cluster?: string, host?: string, port?: number,
 *   secure?: boolean, signIn?: boolean}} Config
 */
/** @typedef {"ws" | "wss" | "xhr_streaming" | "xhr_polling"} Transport */

/**
 * What pusher-js has to know: a cluster of hosted Pusher, another host, or where the page came from.
 * @param {Config} config
 */
export function addressOf({ cluster, host, port, secure, path }) {
  const isHere = !cluster && !host;
  const usesTls = Boolean(isHere ? base.protocol === "https:" : (cluster || secure));
  const socketPort = (isHere ? Number(base.port) : port) || (usesTls ? 443 : 80);
  return {
    cluster: cluster ?? "mt1", // pusher-js wants one; wsHost decides
    ...(!cluster && {
      wsHost: host ?? base.hostname,
      wsPort: socketPort,
      wssPort: socketPort,
      wsPath: path ?? "",
    }),
    ...(isHere && {
      httpHost: base.hostname,
      httpPort: socketPort,
      httpsPort: socketPort,
      httpPath: `${path ?? ""}/pusher`,
    }),
    forceTLS: usesTls,
    enabledTransports: /** @type {Transport[]} */ ([
      ...(usesTls ? ["ws", "wss"] : ["ws"]),
      // They take over after seconds where a proxy breaks WebSocket. Other servers have none.
      ...(host ? [] : ["xhr_streaming", "xhr_polling"]),
    ]),
  };
}

/**
 * The WebSocket of Kabar itself; null where the sockets are elsewhere.
 * @param {Config} config
 */
export function webSocketHere({ key, cluster, host, path }) {
  if (cluster || host) return null;
  const url = new URL(`${path ?? ""}/app/${key}?protocol=7&client=kabar`, base);
  url.protocol = base.protocol === "https:" ? "wss:" : "ws:";
  return url;
}
