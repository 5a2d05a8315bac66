// Reads the binary messages of /events. A message is sections in a row: kind (1 byte), head length and body length
// (4 bytes each, big endian), head (JSON), body (pixels, cells of an error map, or a JPEG file). EventSections.java writes them.

const PATIENCE = 6000; // ms

const KINDS = { 1: "cameras", 2: "frame", 3: "forecast", 4: "timeline", 5: "picture" };

export function sectionsOf(buffer) {
  const view = new DataView(buffer);
  const text = new TextDecoder();
  const sections = [];
  for (let at = 0; at < buffer.byteLength; ) {
    const headLength = view.getUint32(at + 1);
    const bodyLength = view.getUint32(at + 5);
    const head = JSON.parse(text.decode(new Uint8Array(buffer, at + 9, headLength)));
    const body = new Uint8Array(buffer, at + 9 + headLength, bodyLength);
    sections.push({ kind: KINDS[view.getUint8(at)], head, body });
    at += 9 + headLength + bodyLength;
  }
  return sections;
}

// Asks for a message whenever the page has drawn the last one, so the server never sends more than can be shown.
export class Events {
  #socket = null;
  #retry = 500;
  #heard = 0;

  constructor(onMessage, onLost) {
    this.onMessage = onMessage;
    this.onLost = onLost;
    this.#connect();
    setInterval(() => this.#watch(), 1000);
    setInterval(() => document.hidden && this.ask(), 15000);
    document.addEventListener("visibilitychange", () => document.hidden || (this.#heard = performance.now()));
  }

  ask() {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send("next");
  }

  // Addresses are relative, so that the page works below any path. The ticket proves to the server that it is its own
  // page that asks, by whatever name a proxy calls it.
  async #connect() {
    this.#socket = null;
    try {
      const answer = await fetch("ticket", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      const { ticket } = await answer.json();
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.#open(ticket);
    } catch {
      this.#again();
    }
  }

  #open(ticket) {
    const address = new URL(`events?ticket=${encodeURIComponent(ticket)}`, document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.ask();
    socket.onmessage = (event) => {
      this.#retry = 500;
      this.#heard = performance.now();
      this.onMessage(sectionsOf(event.data));
    };
    socket.onclose = () => socket === this.#socket && this.#again();
    this.#heard = performance.now();
    this.#socket = socket;
  }

  #again() {
    this.onLost();
    setTimeout(() => this.#connect(), this.#retry);
    this.#retry = Math.min(this.#retry * 2, 5000);
  }

  // The server answers at least every second; a connection that is silent for longer is dead, whatever TCP thinks.
  #watch() {
    if (!document.hidden && performance.now() - this.#heard > PATIENCE) this.#socket?.close();
  }
}
