// Files of messages: what each is to a person, and where it is.

import { base } from "./api.js";
import { pollWords } from "./poll-words.js";
import { words } from "./words.js";

/** @typedef {import("./types").Attachment} Attachment */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** @param {Attachment} attachment */
export const isPicture = ({ width, height }) => Boolean(width && height);

/** @param {{mediaType: string}} attachment */
export const kindOf = ({ mediaType }) => mediaType.split("/")[0];

/** Where a file is. @param {{url: string}} attachment */
export const fileAddress = ({ url }) => absolute(url);

/** @param {Attachment} attachment */
export const thumbnailAddress = ({ url, thumbnailUrl }) => absolute(thumbnailUrl ?? url);

/** Where it is saved from. @param {Attachment} attachment */
export function savingAddress({ url }) {
  const address = new URL(absolute(url));
  address.searchParams.set("download", "true");
  return address.href;
}

/** What a message is in a list. @param {{content: string, type?: string}} message */
export function shown({ content, type = "text" }) {
  if (type === "poll") return pollWords.inLists(content);
  return content || (words.withoutWords[/** @type {"image"} */ (type)] ?? "");
}

/** `1.4 MB`. @param {number} bytes */
export function inBytes(bytes) {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const unit = UNITS[step];
  const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: step > 1 ? 1 : 0 };
  return new Intl.NumberFormat("en", /** @type {Intl.NumberFormatOptions} */ (options)).format(
    bytes / 1000 ** step,
  );
}

/** `0:07`. @param {number} seconds */
export const inSeconds = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/**
 * On a page of our own the cookie opens it, for as long as one is signed in. On others the cookie
 * may be kept from us: the address is signed, and good for minutes.
 * @param {string} url
 */
function absolute(url) {
  const address = new URL(url, base);
  if (base.origin === location.origin) address.search = "";
  return address.href;
}
