// What the browser keeps between visits; where it refuses to, the page works without.

const PREFIX = "kabar:";

/** @param {() => Storage} storage asked for each time: where site data is blocked, even that fails */
const keeper = (storage) => ({
  /** @param {string} name @returns {string | null} */
  read(name) {
    try {
      return storage().getItem(PREFIX + name);
    } catch {
      return null;
    }
  },

  /** Nothing is kept for an empty text. @param {string} name @param {string} text */
  write(name, text) {
    try {
      if (text) storage().setItem(PREFIX + name, text);
      else storage().removeItem(PREFIX + name);
    } catch {
      // Full, or forbidden by the browser: the page works without.
    }
  },

  /** Whoever uses this browser next does not find it. */
  forget() {
    try {
      const names = Object.keys(storage()).filter((name) => name.startsWith(PREFIX));
      for (const name of names) storage().removeItem(name);
    } catch {
      // Then nothing was kept either.
    }
  },
});

export const kept = keeper(() => localStorage);

/** One tab's own, over a reload. */
export const keptInTab = keeper(() => sessionStorage);
