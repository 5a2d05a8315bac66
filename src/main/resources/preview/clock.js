// The server's time of day, whatever the browser's clock says: the server tells it with every list of cameras, and
// performance.now() counts on from there. A message is never early, so the greatest of the last ones is the truest.

const KEPT = 30000; // ms after which a message is forgotten: in the meantime the server's clock may have been set back

export class ServerClock {
  #older = -Infinity;
  #newer = -Infinity;
  #since = 0;

  // The server's time in ms since 1970, as of when it was sent.
  hear(nowMs) {
    const at = performance.now();
    if (at - this.#since > KEPT) {
      this.#older = this.#newer;
      this.#newer = -Infinity;
      this.#since = at;
    }
    this.#newer = Math.max(this.#newer, nowMs - at);
  }

  // In ms since 1970; null before the server was heard.
  now() {
    const offset = Math.max(this.#older, this.#newer);
    return offset === -Infinity ? null : performance.now() + offset;
  }
}
