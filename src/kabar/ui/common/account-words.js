// Every text of leaving: taking one's data along, and having one's account deleted.

export const accountWords = {
  yourData: "Your data",
  yourDataHint:
    "A zip file with all that is stored of you: your profile, what you wrote and sent, whom you follow, your settings. It takes a moment, and you may leave this page meanwhile.",
  prepareData: "Prepare a download",
  prepareAgain: "Prepare a new one",
  preparing: "Preparing your data",
  /** @param {number} n */
  prepared: (n) => `Preparing your data: ${n}%`,
  dataReady: "Your data is ready.",
  /** @param {string} when */
  dataUntil: (when) => `It is deleted on ${when}.`,
  /** @param {string} size */
  downloadData: (size) => `Download my data (${size})`,
  dataFailed: "Your data could not be prepared. Nothing of yours is lost; try again.",

  deleteAccount: "Delete account",
  deleteHint: "Your account goes for good, and nobody can bring it back.",
  deleteTitle: "Delete your account?",
  deleteEnds: "You are signed out everywhere, and nobody can sign in as you or find you any more.",
  deleteTakes: "Your profile, follows, notifications and settings are deleted.",
  deleteGroups: "You leave every group. Groups that you own pass on to somebody else in them.",
  messagesStay: "What you wrote stays with the people you wrote to, as from “Deleted user”.",
  messagesGo: "What you wrote, and the files you sent, are removed for everyone.",
};
