/** What the page remembers from one visit to the next, where the browser lets it: a page from the disk may not. */
globalThis.memory = {
  /** What was kept under a name, or null. */
  recall(name) {
    try {
      return localStorage.getItem(memory.place(name));
    } catch {
      return null;
    }
  },

  /** Keeps a text, or with null forgets it; false if the browser refuses. */
  keep(name, text) {
    try {
      if (text === null) localStorage.removeItem(memory.place(name));
      else localStorage.setItem(memory.place(name), text);
      return true;
    } catch {
      return false;
    }
  },

  /** All pages from the disk may share one storage: each product has places of its own. */
  place(name) {
    return `mintmark:${seller.product}:${name}`;
  },
};
