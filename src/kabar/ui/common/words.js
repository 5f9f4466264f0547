// Every text that pages and elements show, in one place; the console has its own.

const plural = new Intl.PluralRules("en");

/** @param {number} count @param {string} one @param {string} other */
const counted = (count, one, other) =>
  `${count.toLocaleString("en")} ${plural.select(count) === "one" ? one : other}`;

/** A name within a sentence turns nothing around it, whichever way its letters run. @param {string} name */
export const isolated = (name) => `\u2068${name}\u2069`;

export const words = {
  product: "Kabar",
  tagline: "News from the people you know.",
  skip: "Skip to content",

  chats: "Chats",
  people: "People",
  notifications: "Notifications",
  mainNavigation: "Main",

  // signing in
  signIn: "Sign in",
  signInTitle: "Welcome back",
  createAccount: "Create account",
  createTitle: "Create your account",
  newHere: "New here?",
  createAnAccount: "Create an account",
  haveAccount: "Already have an account?",
  login: "Username or email",
  username: "Username",
  usernameHint: "3 to 30 letters, digits, dots or underscores. People find you by it.",
  name: "Name",
  email: "Email",
  password: "Password",
  passwordHint: "At least 8 characters.",
  show: "Show",
  hide: "Hide",
  signOut: "Sign out",
  account: "Your account",
  accountLabel: "Account",
  signInFirst: "Sign in to see what is here.",
  sessionEnded: "Your session has ended. Sign in again to go on; what you wrote is kept.",
  signInToSend: "Not sent. Sign in again.",

  // your account
  seeProfile: "See your profile",
  editProfile: "Edit profile",
  profile: "Profile",
  bio: "About you",
  picture: "Picture",
  pictureHint: "The address of a picture on the web. It begins with https://.",
  newUsernameHint: "Links with your present name still lead to you after you change it.",
  emailHint: "You can sign in with it. Nobody else sees it.",
  changeEmail: "Change email",
  emailChanged: "Email changed.",
  currentPassword: "Current password",
  newPassword: "New password",
  newPasswordHint: "At least 8 characters. You are signed out everywhere but here.",
  keepTokens: "Keep personal access tokens",
  keepTokensHint: "Your own programs stay signed in. Otherwise they have to be given new tokens.",
  changePassword: "Change password",
  passwordChanged: "Password changed. You are signed out everywhere else.",
  accessTokens: "Personal access tokens",
  accessTokensHint: "With one, a program of yours acts as you. Revoke those that you no longer use.",
  tokenName: "Name of a new token",
  tokenNameHint: "What it is for, so that you know it again.",
  makeToken: "Make token",
  newToken: "Your new token",
  newTokenHint: "Copy it now. It is not shown again.",
  /** @param {string} when */
  tokenMade: (when) => `Made ${when}`,
  revoke: "Revoke",
  revokeTitle: "Revoke this token?",
  revokeBody: "The program that uses it is signed out at once.",
  signsInElsewhere: "You sign in with an account elsewhere, so there is no password here.",
  save: "Save",
  saved: "Saved.",
  cancel: "Cancel",
  close: "Close",

  // people
  searchPeople: "Search people",
  noPeople: "Nobody found. Try another name.",
  alone: "Nobody else is here yet. Share the address of this page with someone.",
  choosePerson: "Choose someone to see their profile.",
  follow: "Follow",
  following: "Following",
  unfollow: "Unfollow",
  requested: "Requested",
  followsYou: "Follows you",
  bot: "Bot",
  followRequests: "Follow requests",
  /** @param {number} n */
  asking: (n) => counted(n, "follow request", "follow requests"),
  accept: "Accept",
  reject: "Reject",
  privateAccount: "Private account",
  privateAccountHint: "People ask before they follow you. Your lists are for your followers.",
  readReceipts: "Read receipts",
  readReceiptsHint: "Others see when you have read their messages. Without them you do not see it of others either.",
  listsArePrivate: "This account is private. Follow it to see its lists.",
  personActions: "More",
  block: "Block",
  unblock: "Unblock",
  /** @param {string} name */
  blockTitle: (name) => `Block ${isolated(name)}?`,
  blockBody:
    "You no longer follow each other or write to each other, and neither finds the other. They are not told.",
  blockedNote: "Blocked",
  /** @param {string} name */
  youBlock: (name) => `You blocked ${isolated(name)}.`,
  listsAreBlocked: "You blocked this person. Their lists are not shown.",
  blockedPeople: "Blocked people",
  nobodyBlocked: "You have blocked nobody.",
  removeFollower: "Remove follower",
  hiddenEnd: "Hidden: from someone you blocked",
  hiddenMessage: "Hidden: from someone you blocked.",
  showHidden: "Show",
  message: "Message",
  /** @param {number} n */
  followers: (n) => counted(n, "follower", "followers"),
  /** @param {number} n */
  followingCount: (n) => `${n.toLocaleString("en")} following`,
  followersTab: "Followers",
  followingTab: "Following",
  noFollowers: "No followers yet.",
  noFollowing: "Follows nobody yet.",
  personGone: "There is nobody by that name here.",

  // looking for messages
  searchMessages: "Search messages",
  searchOperators: 'Also: "exact words", from:ann, in:team, before:2026-11-29, after:yesterday, has:link',
  noMessagesFound: "Nothing found. Try other words.",
  /** @param {number} n @param {boolean} hasMore */
  messagesFound: (n, hasMore) => `${counted(n, "message", "messages")}${hasMore ? " or more" : ""} found`,
  /** @param {string} name */
  nobodyCalled: (name) => `There is nobody called ${isolated(name)}.`,
  /** @param {string} name */
  noRoomCalled: (name) => `None of your conversations is called ${isolated(name)}.`,
  /** @param {string} day */
  notADay: (day) => `${isolated(day)} is not a day. Write it as 2026-11-29, today or yesterday.`,
  /** @param {string[]} kinds */
  noSuchKind: (kinds) => `Look for messages that have: ${kinds.join(", ")}.`,

  // conversations
  newChat: "New chat",
  newChatTitle: "Write to someone",
  noRooms: "No conversations yet.",
  findSomeone: "Find someone to write to.",
  conversations: "Conversations",
  /** @param {number} n */
  unread: (n) => `${n.toLocaleString("en")} unread`,
  markUnread: "Mark as unread",
  mentionsYou: "Mentions you",
  more: "Show more",
  you: "You",
  unknownRoom: "Conversation",
  chooseRoom: "Choose a conversation, or start a new one.",
  roomGone: "This conversation does not exist, or you are not in it.",
  /** @param {number} n */
  participants: (n) => counted(n, "person", "people"),

  // a conversation
  back: "Back",
  messages: "Messages",
  write: "Write a message",
  send: "Send",
  emptyRoom: "Nothing here yet. Say hello.",
  newMessages: "New messages",
  jumpToLatest: "Jump to latest",
  latest: "Latest",
  jumpToUnread: "Jump to first unread",
  firstUnread: "First unread",
  /** @param {number} n */
  countNew: (n) => `${n.toLocaleString("en")} new`,
  typing: "typing…",
  /** @param {string[]} names */
  someTyping(names) {
    const [one, two] = names.map(isolated);
    if (names.length === 1) return `${one} is typing…`;
    if (names.length === 2) return `${one} and ${two} are typing…`;
    return "Several people are typing…";
  },
  sending: "Sending",
  sent: "Sent",
  delivered: "Delivered",
  savedMessages: "Saved messages",
  onlyYou: "Only you see them",
  sendLater: "Send later",
  sendSilently: "Send silently",
  moreWaysToSend: "More ways to send",
  when: "When",
  inAnHour: "In an hour",
  tomorrowMorning: "Tomorrow at 9:00",
  schedule: "Schedule",
  scheduledMessages: "Scheduled messages",
  nothingWaits: "Nothing waits to be sent.",
  couldNotBeSent: "Could not be sent. You may not write here any more.",
  changeTime: "Change the time",
  doNotSend: "Do not send",
  /** @param {number} n */
  waitToBeSent: (n) => (n === 1 ? "1 scheduled message" : `${n} scheduled messages`),
  read: "Read",
  failed: "Not sent.",
  failedHeld: "Not sent. It goes by itself when the server can be reached again.",
  waiting: "Waits for the message before it.",
  retry: "Retry",
  delete: "Delete",
  edit: "Edit",
  edited: "edited",
  editing: "Editing a message",
  copy: "Copy text",
  actions: "Message actions",
  react: "React",
  reactions: "Reactions",
  reactionHint: "Press to react, hold to see who did",
  /** @param {string} emoji @param {number} n */
  countedReaction: (emoji, n) => `${emoji} ${n.toLocaleString("en")}`,
  chooseEmoji: "Choose an emoji",
  oftenUsed: "Often used",
  searchEmoji: "Search emoji",
  noEmoji: "No emoji by that name.",
  takePicture: "Take a picture",
  dropHere: "Drop files here",
  chosenFiles: "Files to send",
  /** @param {string} name */
  removeFile: (name) => `Remove ${isolated(name)}`,
  /** @param {string} name */
  sendingFile: (name) => `Uploading ${isolated(name)}`,
  /** @param {number} most */
  tooManyFiles: (most) => `A message can have ${counted(most, "file", "files")} at most.`,
  /** @param {string} most */
  fileTooLarge: (most) => `Too large: a file can have ${most} at most.`,
  fileEmpty: "This file is empty.",
  record: "Record a voice message",
  recording: "Recording",
  stopRecording: "Stop recording",
  voiceMessage: "Voice message",
  noMicrophone: "The microphone cannot be used. Allow it in the browser's settings for this page.",
  /** @param {string} name */
  openPicture: (name) => `Open picture ${isolated(name)}`,
  pictureFailed: "This picture cannot be shown.",
  pictureBefore: "Previous picture",
  pictureAfter: "Next picture",
  /** @param {number} n @param {number} all */
  ofPictures: (n, all) => `${n} of ${all}`,
  saveFile: "Save",
  /** What a message is in lists that has no words. */
  withoutWords: { image: "Picture", audio: "Voice message", video: "Video", file: "File" },
  deleted: "Message deleted",
  deleteTitle: "Delete this message?",
  deleteForMe: "Delete for me",
  deleteForAll: "Delete for everyone",
  former: "What it said before",
  /** @param {string} when */
  untilThen: (when) => `until ${when}`,
  seeFormer: "Edited: see what it said before",
  removePreview: "Remove preview",
  pinMessage: "Pin message",
  unpinMessage: "Unpin message",
  jumpToPinned: "Go to the pinned message",
  /** @param {number} at @param {number} n */
  pinnedMessage: (at, n) => (n === 1 ? "Pinned" : `Pinned ${at} of ${n}`),
  reply: "Reply",
  /** @param {string} name */
  replyingTo: (name) => `Replying to ${isolated(name)}`,
  jumpToQuoted: "Go to the message it answers",
  deleteBody: "It cannot be brought back.",
  /** @param {number} most */
  tooLong: (most) => `A message can have ${most.toLocaleString("en")} characters at most.`,

  // notifications
  seeAll: "See all",
  markAllRead: "Mark all as read",
  noNotifications: "You are all caught up.",
  noNotificationsHint: "New followers and messages show up here.",
  unreadMark: "Unread",
  /** @param {string} title @param {string} group */
  inGroup: (title, group) => `${title} in ${isolated(group)}`,

  // states
  loading: "Loading",
  offline: "You are offline. What you write is kept here.",
  reconnecting: "Connection lost. Trying again…",
  cannotReach: "The server cannot be reached.",
  timedOut: "The server took too long to answer.",
  serverFailed: "Something went wrong on the server.",
  /** @param {number} n */
  inMinutes: (n) => `Try again in ${counted(n, "minute", "minutes")}.`,
  tryAgain: "Try again",
  today: "Today",
  yesterday: "Yesterday",
  /** @param {string} time */
  tomorrow: (time) => `tomorrow, ${time}`,
};
