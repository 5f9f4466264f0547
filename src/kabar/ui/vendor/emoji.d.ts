export const emojiGroups: [group: string, emoji: [string, name: string, words: string][]][];
