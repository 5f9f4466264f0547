// Draws its host anew when the messages that it shows have changed.

export class FollowsLog {
  /** @param {import("../vendor/lit.js").ReactiveControllerHost & {log: import("../store/room-log.js").RoomLog}} host */
  constructor(host) {
    this.host = host;
    this.changed = () => host.requestUpdate();
    host.addController(this);
  }

  hostConnected() {
    this.log = this.host.log;
    this.log.addEventListener("change", this.changed);
  }

  hostDisconnected() {
    this.log?.removeEventListener("change", this.changed);
  }
}
