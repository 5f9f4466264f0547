export { default } from "pusher-js";
