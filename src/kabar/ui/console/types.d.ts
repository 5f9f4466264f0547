/** The shapes of the console's API, as the console uses them. Times are seconds since 1970. */

export interface App {
  id: string;
  key: string;
  enabled: boolean;
  isOwn: boolean;
  connections: number;
}

export interface ErrorTold {
  at: number;
  code: number | null;
  message: string;
  socketId: string | null;
  address: string;
  isOfApp: boolean;
}

export interface Samples {
  at: number[];
  connections: number[];
  messagesIn: number[];
  messagesOut: number[];
}

export interface Overview {
  app: App;
  channels: number;
  users: number;
  messagesIn: number;
  messagesOut: number;
  sampleSeconds: number;
  samples: Samples;
  errors: ErrorTold[];
}

export interface Connection {
  socketId: string;
  address: string;
  transport: string;
  since: number | null;
  userId: string | null;
  subscriptions: number;
  channels: string[];
}

export interface ConnectionPage {
  connections: Connection[];
  found: number;
  total: number;
}

export interface Channel {
  name: string;
  subscriptions: number;
  users: number | null;
  isCached: boolean;
}

export interface ChannelPage {
  channels: Channel[];
  found: number;
  total: number;
}

export interface ChannelDetail {
  channel: Channel;
  listeners: { socketId: string; userId: string | null }[];
  memberIds: string[];
  cached: { event: string; data: string; secondsLeft: number } | null;
  lastEvent: Seen | null;
}

export interface Seen {
  number: number;
  at: number;
  event: string;
  channels: string[];
  data: string;
  isCut: boolean;
  origin: "client" | "server" | "kabar";
  socketId: string | null;
  userId: string | null;
  reached: number;
}

export interface EventPage {
  events: Seen[];
  last: number;
  missed: number;
}

export interface Endpoint {
  url: string;
  events: string[];
  channelPrefix: string;
  batch: boolean;
  waiting: number;
  isFull: boolean;
}

export interface Delivery {
  id: string;
  at: number;
  seconds: number;
  url: string;
  channel: string;
  body: string;
  isCut: boolean;
  status: "arrived" | "retrying" | "given_up";
  failure: string | null;
}

export interface WebhookPage {
  endpoints: Endpoint[];
  attempts: Delivery[];
}

/** One line of a plot. */
export interface Line {
  name: string;
  values: number[];
}
