// What this browser keeps between visits; without storage it is only not kept.

/** @param {Storage} storage */
const keeper = (storage) => ({
  /** @param {string} name @returns {string | null} */
  read(name) {
    try {
      return storage.getItem(`kabar:${name}`);
    } catch {
      return null;
    }
  },

  /** Nothing is kept for an empty text. @param {string} name @param {string} text */
  write(name, text) {
    try {
      if (text) storage.setItem(`kabar:${name}`, text);
      else storage.removeItem(`kabar:${name}`);
    } catch {
      // Full, or forbidden by the browser: the page works without.
    }
  },
});

export const kept = keeper(localStorage);

/** One tab's own, over a reload. */
export const keptInTab = keeper(sessionStorage);
