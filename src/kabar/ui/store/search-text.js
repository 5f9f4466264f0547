// What somebody types who looks for a message: words, and from:, in:, before:, after: and has:.

const OPERATOR = /(?<=^|\s)(from|in|before|after|has):("[^"]*"?|\S*)/giu;

/**
 * What is left of a text without its operators, and those: the last one of each.
 * @param {string} text
 * @returns {{q: string, operators: Record<string, string>}}
 */
export function readSearch(text) {
  /** @type {Record<string, string>} */
  const operators = {};
  const q = text.replace(OPERATOR, (_all, name, value) => {
    operators[name.toLowerCase()] = value.replaceAll('"', "").trim();
    return " ";
  });
  for (const [name, value] of Object.entries(operators)) if (!value) delete operators[name];
  return { q: q.trim().replace(/\s+/gu, " "), operators };
}

/** The beginning of a day as the person counts it; an invalid date when it is none.
 * @param {string} value @param {Date} [now] */
export function dayFrom(value, now = new Date()) {
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  if (value === "today") return new Date(year, month, date);
  if (value === "yesterday") return new Date(year, month, date - 1);
  const [, ...parts] = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(value) ?? [];
  return new Date(Number(parts[0]), Number(parts[1]) - 1, Number(parts[2]));
}
