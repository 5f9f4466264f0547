// What the explorer leaves poor on a phone: rows of columns that it has no room for.

const WHOLE = `
  .m-table td, .m-table th, .m-markdown { overflow-wrap: anywhere; }

  @media (max-width: 767.98px) {
    .m-table, .m-table tbody, .m-table tr, .m-table td { display: block; width: auto !important; }
    .m-table td { min-height: 0 !important; padding: 8px 12px; border: 0 !important; }
    .m-table td > div { align-items: flex-start !important; }
    .m-table tr + tr { border-top: 1px solid var(--light-border-color); }
    .m-table form { height: auto !important; }
    .m-table input, .m-table select { max-width: 100%; }
    .param-name, .param-type { text-align: start; }
    button, input, select, summary { min-height: 44px; }
    input, select, textarea { font-size: 16px; }
  }
`;
const ROWS = `
  @media (max-width: 575.98px) {
    .tr { flex-wrap: wrap; }
    .tr .key { flex: 1 1 50%; width: auto; max-width: none; }
    .tr .key-type { width: auto; max-width: 45%; overflow-wrap: anywhere; }
    .tr .key-descr { display: block; flex: 1 0 100%; padding: 0 12px 4px 48px; }
    .tr .key-descr, .tr .key-descr * { word-break: normal; overflow-wrap: anywhere; }
    .tr .key-descr:not(:has(p)) { display: none; }
  }
`;

for (const [name, styles] of [["openapi-explorer", WHOLE], ["api-response", WHOLE], ["schema-table", ROWS]]) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  await customElements.whenDefined(name);
  // Those that are there already, and those that will be made.
  document.querySelector(name)?.shadowRoot?.adoptedStyleSheets.push(sheet);
  customElements.get(name).elementStyles.push(sheet);
}
