// Every text of leaving: taking one's data along, and having one's account deleted.

export const accountWords = {
  deleteAccount: "Delete account",
  deleteHint: "Your account goes for good, and nobody can bring it back.",
  deleteTitle: "Delete your account?",
  deleteEnds: "You are signed out everywhere, and nobody can sign in as you or find you any more.",
  deleteTakes: "Your profile, follows, notifications and settings are deleted.",
  deleteGroups: "You leave every group. Groups that you own pass on to somebody else in them.",
  messagesStay: "What you wrote stays with the people you wrote to, as from “Deleted user”.",
  messagesGo: "What you wrote, and the files you sent, are removed for everyone.",
};
