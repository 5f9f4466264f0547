// Where the web addresses are in what somebody wrote.

// Chinese and Japanese have no space behind an address: their marks and brackets end it, as quotation
// marks and the ellipsis do. What is a letter among the marks (々, 〆, 〇) or stands in titles (〜) does not.
const CJK_MARKS = "\\u3001-\\u3003\\u3008-\\u3011\\u3014-\\u301B\\u301D-\\u301F";
const WIDE_MARKS =
  "\\uFF01\\uFF02\\uFF07-\\uFF09\\uFF0C\\uFF0E\\uFF1A\\uFF1B\\uFF1F\\uFF3B\\uFF3D\\uFF5B\\uFF5D\\uFF5F-\\uFF64";
const QUOTES = '"`«»‹›“”„‟…';
const ADDRESS = new RegExp(`https?://[^\\s<>${QUOTES}${CJK_MARKS}${WIDE_MARKS}]+`, "giu");
// Punctuation belongs to the sentence around it; a few marks do end addresses.
const NOT_ITS_END = /^(?![/#&%_-])\p{P}$/u;

/** The addresses, in their order. @param {string} content */
export const addressesIn = (content) =>
  [...content.matchAll(ADDRESS)].map(({ 0: found, index }) => ({
    address: withoutPunctuation(found),
    index,
  }));

/** A bracket that the address opened belongs to it. @param {string} address */
function withoutPunctuation(address) {
  let unopened = address.split(")").length - address.split("(").length;
  let end = address.length;
  for (; end > 0 && NOT_ITS_END.test(address[end - 1]); end -= 1) {
    if (address[end - 1] === ")" && unopened <= 0) break;
    if (address[end - 1] === ")") unopened -= 1;
    if (address[end - 1] === "(") unopened += 1;
  }
  return address.slice(0, end);
}
