// What every store has in common: it tells when it changed, and elements follow it.

export class Store extends EventTarget {
  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Renders its host again when a store changes, as long as the host is on the page. */
export class Follows {
  /**
   * @param {{addController: (follows: Follows) => void, requestUpdate: () => void}} host
   * @param {...Store} stores
   */
  constructor(host, ...stores) {
    this.stores = stores;
    this.update = () => host.requestUpdate();
    host.addController(this);
  }

  hostConnected() {
    for (const store of this.stores) store.addEventListener("change", this.update);
    this.update();
  }

  hostDisconnected() {
    for (const store of this.stores) store.removeEventListener("change", this.update);
  }
}
