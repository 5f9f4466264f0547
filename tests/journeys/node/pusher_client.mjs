// What a client does when it is told, and what it tells: the same on Node and on a page.

export function start(Pusher, { key, port, token, signer }, tell) {
  const auth = (path) => ({
    endpoint: signer + path,
    transport: "ajax",
    headers: { Authorization: `Bearer ${token}` },
  });
  const pusher = new Pusher(key, {
    wsHost: "127.0.0.1",
    wsPort: port,
    forceTLS: false,
    enabledTransports: ["ws"],
    cluster: "",
    channelAuthorization: auth("/auth"),
    userAuthentication: auth("/user-auth"),
  });

  pusher.connection.bind("connected", () =>
    tell({ event: "connected", data: pusher.connection.socket_id }),
  );
  pusher.connection.bind("disconnected", () => tell({ event: "disconnected" }));
  pusher.connection.bind("state_change", ({ current }) => tell({ event: "state", data: current }));
  pusher.connection.bind("error", (error) => tell({ event: "error", data: error }));
  pusher.connection.bind("message", ({ event, data, channel, user_id }) => {
    if (event === "pusher:signin_success") tell({ event, data });
    if (user_id) tell({ event: "user_id", channel, data: user_id });
  });

  const deeds = {
    subscribe({ channel: name }) {
      const channel = pusher.subscribe(name);
      channel.unbind_all();
      channel.bind_global((event, data) => tell({ channel: name, event, data }));
    },
    unsubscribe: ({ channel }) => pusher.unsubscribe(channel),
    signin() {
      pusher.user.bind_global((event, data) => tell({ channel: "user", event, data }));
      pusher.user.watchlist.bind_global((event, data) =>
        tell({ channel: "watchlist", event, data }),
      );
      pusher.signin();
    },
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
  return { pusher, deeds };
}
