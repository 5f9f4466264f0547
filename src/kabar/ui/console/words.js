// Every text of the console, in one place.

const number = new Intl.NumberFormat("en");

/** @param {number} count */
export const counted = (count) => number.format(count);

export const words = {
  console: "Console",
  signInHint: "The operator's console of this server.",
  password: "Password",
  signIn: "Sign in",
  signOut: "Sign out",
  ended: "Your session has ended. Sign in again.",
  app: "App",
  /** @param {{id: string, isOwn: boolean, enabled: boolean}} app */
  appName: ({ id, isOwn, enabled }) =>
    `${id}${isOwn ? " · Kabar’s own" : ""}${enabled ? "" : " · off"}`,
  panes: "Panes",
  skip: "Skip to content",
  reconnecting: "The server does not answer. Trying again…",
  noSuchApp: "This server has no such app.",

  overview: "Overview",
  connections: "Connections",
  channels: "Channels",
  events: "Events",
  webhooks: "Webhooks",
  send: "Send",

  // overview
  now: "Now",
  users: "Users signed in",
  messagesIn: "Messages in",
  messagesOut: "Messages out",
  sinceStart: "since the start",
  connectionsPlot: "Connections in the last hour",
  messagesPlot: "Messages a second in the last hour",
  received: "In",
  sent: "Out",
  noSamples: "The first sample is taken ten seconds after the start.",
  asTable: "Show as a table",
  time: "Time",
  /** @param {number} minutes */
  minutesAgo: (minutes) => `${minutes} min ago`,
  errors: "Errors told to clients",
  noErrors: "None since the start.",
  unknownKey: "unknown key or path",
  code: "Code",
  message: "Message",
  from: "From",

  // connections
  searchConnections: "Find by id, user or address",
  noConnections: "Nobody is connected.",
  noneFound: "Nothing found.",
  socket: "Socket",
  user: "User",
  address: "Address",
  transport: "Transport",
  since: "Connected",
  subscriptions: "Subscriptions",
  connectionGone: "This connection is gone.",
  noSubscriptions: "It listens to no channel.",
  stranger: "not known",
  /** @param {number} shown @param {number} found */
  shownOf: (shown, found) => `${number.format(shown)} of ${number.format(found)} shown`,
  newestFirst: "newest first",
  largestFirst: "largest first",
  thisNode: "on this node",

  // channels
  searchChannels: "Find by the beginning of the name",
  noChannels: "No channel is occupied.",
  channel: "Channel",
  kind: "Kind",
  listeners: "Who listens",
  nobodyListens: "Nobody on this node.",
  members: "Members",
  cached: "Cached event",
  /** @param {number} seconds */
  secondsLeft: (seconds) => `for ${number.format(seconds)} more seconds`,
  lastEvent: "Last event",
  noLastEvent: "None since you have been looking.",
  sendHere: "Send an event here",

  // events
  filterEvents: "Filter by channel or event",
  pause: "Pause",
  resume: "Go on",
  clear: "Clear",
  waiting: "Waiting for events. Those that pass while you look appear here.",
  noneMatch: "No event here matches.",
  /** @param {number} count */
  missed: (count) => `${number.format(count)} more were too many to show`,
  reached: "reached",
  /** @param {number} count */
  reachedBy: (count) => (count === 1 ? "1 subscription" : `${number.format(count)} subscriptions`),
  origins: { client: "client", server: "server", kabar: "Kabar" },
  sentBy: "sent by",
  empty: "No data.",
  cut: "Shortened.",

  // webhooks
  noEndpoints: "This app has no webhooks.",
  endpoint: "Endpoint",
  wants: "Wants",
  waitingColumn: "Waiting",
  full: "full: more are given up",
  batch: "in batches",
  /** @param {string} prefix */
  prefixed: (prefix) => `channels that begin with ${prefix}`,
  attempts: "Last deliveries",
  noAttempts: "None since the start.",
  /** @type {Record<string, string>} */
  statuses: { arrived: "Arrived", retrying: "Will be tried again", given_up: "Given up" },
  took: "took",

  // sending
  sendTitle: "Send an event",
  sendHint: "It takes the same road as one that your server triggers.",
  channelsField: "Channels",
  channelsHint: "One or several, with spaces or commas between.",
  eventField: "Event",
  dataField: "Data",
  asText: "Send as plain text, not JSON",
  /** @param {string} why */
  notJson: (why) => `This is not JSON: ${why}`,
  required: "Fill this in.",
  /** @param {number} channels @param {number} subscriptions */
  done: (channels, subscriptions) =>
    `Sent to ${channels === 1 ? "1 channel" : `${number.format(channels)} channels`} with ` +
    `${subscriptions === 1 ? "1 subscription" : `${number.format(subscriptions)} subscriptions`}.`,
};
