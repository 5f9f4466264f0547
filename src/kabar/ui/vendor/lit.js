export * from "./lit/lit/index.js";
export { classMap } from "./lit/lit-html/directives/class-map.js";
export { keyed } from "./lit/lit-html/directives/keyed.js";
export { live } from "./lit/lit-html/directives/live.js";
export { repeat } from "./lit/lit-html/directives/repeat.js";
