// Does somebody look at this page?

/** Pages that nobody sees come back later than that one which is seen, and not all at once. */
const LONGEST_MILLISECONDS = 20_000;

/** Until somebody looks, or a while. */
export async function lookedAt() {
  if (document.visibilityState !== "hidden") return;
  await new Promise((resume) => {
    document.addEventListener("visibilitychange", resume, { once: true });
    setTimeout(resume, Math.random() * LONGEST_MILLISECONDS);
  });
}
