// Makes a stock pusher-js hear, when it is connected again, exactly what it missed meanwhile.
//
//   import { recover } from "./recover.mjs";
//   const pusher = new Pusher(key, options);
//   recover(pusher, { onGap: (channel) => fetchAnew(channel) });
//
// pusher-js hands on `event`, `channel` and `data` of a frame and drops the rest, so no bind() ever
// sees the place of an event. It is read where frames are still whole: at the socket.

export function recover(pusher, { onGap }) {
  /** The last place of each channel that was heard of. */
  const places = new Map();

  pusher.connection.bind("connected", () => {
    const { socket } = pusher.connection.connection.transport;
    const hand = socket.onmessage;
    socket.onmessage = (message) => {
      hand.call(socket, message);
      const { channel, epoch, offset, recovered } = JSON.parse(message.data);
      if (epoch !== undefined) places.set(channel, { epoch, offset });
      if (recovered === false) onGap(channel);
    };
  });

  const send = pusher.send_event.bind(pusher);
  pusher.send_event = (event, data, channel) => {
    const place = places.get(data?.channel);
    if (event === "pusher:unsubscribe") places.delete(data.channel);
    return send(
      event,
      event === "pusher:subscribe" && place ? { ...data, recover: place } : data,
      channel,
    );
  };
}
