/** The shapes of the HTTP API and of the realtime events, as the page uses them. */

export interface Person {
  id: string;
  username: string;
  name: string;
  avatar: string | null;
}

export interface Relationship {
  following: boolean;
  followedBy: boolean;
  requested: boolean;
  blocking: boolean;
  muting: boolean;
}

export interface User extends Person {
  bio: string | null;
  isPrivate: boolean;
  isBot: boolean;
  acceptsFollows: boolean;
  hideFollows: boolean;
  /** null, as the next one: only they see it. */
  followersCount: number | null;
  followingCount: number | null;
  relationship?: Relationship | null;
  /** In the list of whom I mute; null: until I take it back. */
  mutedUntil?: string | null;
}

/** What somebody may do on the whole server. */
export type ServerRole = "user" | "moderator" | "admin";

export type ReportAction = "none" | "delete" | "suspend" | "ban";

/** What somebody told the moderators. */
export interface Report {
  id: string;
  reporter: Person | null;
  reason: string;
  /** As it was then. */
  message: { id: string; seq: number; content: string; files: string[]; createdAt: string } | null;
  user: Person | null;
  room: { id: string; type: string | null; name: string | null } | null;
  createdAt: string;
  actions: ReportAction[];
  resolution: {
    action: ReportAction;
    note: string | null;
    by: { id: string | null; name: string };
    at: string;
  } | null;
}

export interface Suspension {
  user: Person;
  reason: string | null;
  /** null: without an end. */
  until: string | null;
  createdAt: string;
}

/** What a moderator did. */
export interface ModerationAct {
  id: string;
  deed: string;
  /** Without an id: an application, or who operates the server. */
  by: { id: string | null; name: string };
  /** The application that acted for them. */
  through: string | null;
  user: { id: string; name: string } | null;
  note: string | null;
  until: string | null;
  createdAt: string;
}

/** Somebody whom people follow whom I follow. */
export interface Suggestion extends User {
  mutualsCount: number;
  mutuals: User[];
}

/** Myself, as only I see me. */
export interface OwnProfile extends User {
  /** null: an application made the account, and gave none. */
  email: string | null;
  role: ServerRole;
  readReceipts: boolean;
  hideCounts: boolean;
  hasPassword: boolean;
}

export interface AccessToken {
  id: string;
  name: string;
  createdAt: string;
}

/** The file with all that is stored of me; `url` once it is ready. */
export interface OwnData {
  id: string;
  state: "queued" | "running" | "ready" | "failed";
  progress: number;
  createdAt: string;
  url?: string;
  size?: number;
  expiresAt?: string;
}

export interface FollowState {
  following: boolean;
  requested: boolean;
  followersCount: number | null;
  followedBy?: boolean;
  acceptsFollows?: boolean;
}

/** An emoji on a message; `mine` is not in what many are told at once. */
export interface ReactionCount {
  emoji: string;
  count: number;
  mine?: boolean;
}

/** `reaction-added` and `reaction-removed`. */
export interface Reaction {
  roomId: string;
  messageId: string;
  seq: number;
  emoji: string;
  userId: string;
  name: string;
  reactions: ReactionCount[];
  version: number;
}

/** Who put an emoji on a message. */
export interface Reactor {
  emoji: string;
  user: Person;
  createdAt: string;
}

/** What another message answers. */
export interface Quote {
  id: string;
  seq: number;
  senderId: string;
  senderName: string;
  content: string;
  deletedAt: string | null;
}

export interface Attachment {
  id: string;
  url: string;
  name: string;
  mediaType: string;
  size: number;
  /** Of a picture. */
  width?: number;
  height?: number;
  thumbnailUrl?: string;
}

/** What a page that a message links to says of itself. */
export interface LinkPreview {
  url: string;
  title: string;
  description: string | null;
  imageUrl: string | null;
}

export interface Message {
  id: string;
  roomId: string;
  seq: number;
  senderId: string;
  sender: Person;
  content: string;
  /** How those are written whom it mentions, in lower case. */
  mentionNames?: string[];
  type: string;
  /** Nobody said it: it tells what happened in the group, and `content` is a sentence. */
  system?: { happening: string };
  attachments: Attachment[];
  clientId: string | null;
  replyTo: Quote | null;
  isRead: boolean;
  readAt: string | null;
  isDelivered: boolean;
  editedAt: string | null;
  deletedAt: string | null;
  createdAt: string;
  /** From then on it is gone for everybody. */
  expiresAt?: string | null;
  reactions: ReactionCount[];
  poll?: Poll;
  linkPreviews: LinkPreview[];
  /** Who said it first, and where, if I am there. */
  forwardedFrom?: { roomId?: string; senderName: string };
  /** Of a reply in a thread: what that hangs on. */
  threadId: string | null;
  /** What hangs on it; null: nothing ever did. */
  thread: Thread | null;
  /** Of two views of a message, that with the larger one is newer. */
  version: number;
}

export interface Thread {
  repliesCount: number;
  lastReplyAt: string | null;
  /** As the next one, not in what many are told at once. */
  unreadCount?: number;
  /** Of two unread counts, that with the larger one is newer. */
  version?: number;
}

/** How a thread stands: on the room, or with what I have not read on my own channel. */
export interface ThreadNews {
  roomId: string;
  threadId: string;
  thread: Thread;
  /** Of the message that it hangs on. */
  version: number;
}

/** How far somebody has read a thread; the counts are mine. */
export interface ThreadMark {
  roomId: string;
  threadId: string;
  userId: string;
  lastReadSeq: number;
  unreadCount?: number;
  version?: number;
}

/** An answer of a poll, and how many have chosen it. */
export interface PollOption {
  id: string;
  text: string;
  count: number;
  /** Not in what many are told at once. */
  mine?: boolean;
}

export interface Poll {
  question: string;
  options: PollOption[];
  votersCount: number;
  multiple: boolean;
  closesAt: string | null;
  closed: boolean;
}

export interface PollDraft {
  question: string;
  options: string[];
  multiple: boolean;
  closesAt: string | null;
}

/** `poll-voted` and `poll-closed`; on my own channel with what I chose elsewhere. */
export interface PollNews {
  roomId: string;
  messageId: string;
  poll: Poll;
  version: number;
}

/** What waits for its time; `failure`: why it could not be said. */
export interface ScheduledMessage {
  id: string;
  roomId: string;
  content: string;
  attachments: Attachment[];
  sendAt: string;
  failure: string | null;
}

/** A message that was found, and where in its content. */
export interface FoundMessage extends Message {
  highlights: [number, number][];
}

export interface Page {
  messages: Message[];
  hasMoreBefore: boolean;
  hasMoreAfter: boolean;
  /** The room's newest number, in this list or not. */
  lastSeq: number;
}

export type Role = "owner" | "admin" | "member";

/** Somebody in the list of a room's participants. */
export interface Participant {
  user: Person;
  role: Role;
  joinedAt: string;
}

/** A link that lets people into a group. */
export interface Invite {
  id: string;
  code: string;
  url: string;
  expiresAt: string | null;
  maxUses: number | null;
  uses: number;
}

/** Somebody who may not come into a group. */
export interface Ban {
  user: Person;
  reason: string | null;
  until: string | null;
}

export interface Room {
  id: string;
  type: "DIRECT" | "GROUP";
  name: string | null;
  avatar: string | null;
  lastMessage: string | null;
  lastMessageAt: string | null;
  lastSeq: number;
  participantsCount: number;
  /** Only of a direct room. */
  otherUser?: Person;
  /** The room one has with oneself. */
  isSaved?: boolean;
  /** So long messages live that are said from now on; 0: for ever. */
  messageTtlSeconds?: number;
  /** Only of a group, as what follows. */
  description?: string | null;
  joinRule?: "invite" | "request" | "open";
  isAnnouncement?: boolean;
  slowModeSeconds?: number;
  /** So many days messages are kept; null: as the server says, 0: for ever. */
  retentionDays?: number | null;
  me: {
    role: Role;
    unreadCount: number;
    lastReadSeq: number;
    isMuted: boolean;
    /** Null: for good, or not at all. */
    mutedUntil?: string | null;
    isPinned: boolean;
    /** What I have half written. */
    draft?: Draft | null;
    /** Put away, until something is said there. */
    isArchived?: boolean;
    /** Of what I am told. */
    notify?: "all" | "mentions" | "nothing";
    /** What of it mentions me. */
    mentionsCount?: number;
    /** The first of them that I have not read. */
    firstMentionId?: string | null;
    /** Up to there I left it unread by hand on an open page: what is in view is not read by itself. */
    leftUnreadTo?: number;
    /** Of a direct room: I block the other person. */
    isBlocking?: boolean;
    /** What was said last is by somebody whom I block. */
    isEndFolded?: boolean;
    /** Of two unread counts, that with the larger one is newer. */
    version?: number;
  };
  createdAt: string;
}

export interface Notification {
  id: string;
  type: string;
  title: string;
  body: string | null;
  link: string | null;
  /** What it is about: of a room `{roomId, messageId, seq}`. */
  data: Record<string, any>;
  actor: Person | null;
  count: number;
  createdAt: string;
  updatedAt?: string;
  seenAt: string | null;
  readAt: string | null;
}

export interface NotificationCounts {
  unreadCount: number;
  unseenCount: number;
  /** Of two, the larger one is newer. */
  version?: number;
}

/** `new-message` on the user's own channel. */
export interface Bell {
  roomId: string;
  messageId: string;
  seq: number;
  senderId: string;
  senderName: string;
  content: string;
  createdAt: string;
  /** Not where it would have to be counted for many. */
  unreadCount?: number;
  /** Where it mentions me. */
  mentionsCount?: number;
  version?: number;
}

/** `message-read`; `unreadCount` only on the reader's own channel. */
export interface ReadMark {
  roomId: string;
  userId: string;
  lastReadSeq: number;
  readAt: string;
  unreadCount?: number;
  version?: number;
}

export interface Deletion {
  roomId: string;
  messageId: string;
  seq: number;
  /** For whom: for me, it is gone without a trace. */
  scope: "all" | "me";
  deletedAt?: string;
  unreadCount?: number;
  mentionsCount?: number;
  version?: number;
}

export interface Typing {
  roomId: string;
  userId: string;
  name: string;
  typing: boolean;
}

/** What somebody has half written. */
export interface Draft {
  content: string;
  /** The message that it answers. */
  replyToId?: string | null;
}

/** What somebody wants to say. */
export interface Saying {
  text: string;
  attachments: Attachment[];
  poll?: PollDraft;
  /** It rings nowhere. */
  silent?: boolean;
}

/** What somebody wrote and the server has not confirmed. */
export interface Unsent {
  clientId: string;
  content: string;
  replyTo: Quote | null;
  attachments?: Attachment[];
  poll?: PollDraft;
  silent?: boolean;
  createdAt: string;
  state: "waiting" | "sending" | "failed";
  reason: string;
  /** Failed because the server was out of reach: sent again when it is back. */
  isHeld?: boolean;
}

export interface FieldError {
  field: string;
  message: string;
}
