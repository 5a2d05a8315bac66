// One camera on the page: its picture, its forecast, and how old both are.
import { leadOf, overCount, stepAt } from "./ahead.js";
import { drawMap, drawSkill, drawStage, drawStrip, drawSurprise, fadeCells } from "./draw.js";

const HOLD = 5; // steps for which the loop rests on the last frame
const SILENT = 2000; // ms without a frame after which a picture is stale, unless the camera is slower
const LATE = 3000; // ms behind reality after which a picture says so

const MODE_WORDS = {
  overlay: "live picture with its forecast laid over it",
  side: "live picture on the left, forecast on the right",
  difference: "live picture in grey, changes ahead in colour",
  surprise: "live picture in grey, what was not expected in red",
  live: "live picture",
};

// States of a camera without new pictures, in words: while it is in one, and on its picture. Others are shown as they come.
const STATE_WORDS = {
  connecting: ["connecting", "Connecting"],
  reconnecting: ["gone", "Gone"],
  ended: ["ended", "Ended"],
  failed: ["failed", "Failed"],
};
// The same of cameras whose pictures come.
const TROUBLE_WORDS = {
  overloaded: ["overloaded", "Overloaded"],
  "no-forecast": ["no forecast", "No forecast"],
  "no-score": ["no score", "No score"],
};
const wordsOf = (state) => STATE_WORDS[state] ?? TROUBLE_WORDS[state] ?? [state, capital(state)];
const MOMENTARY = ["ended", "failed"]; // not a while, but a moment

const MOMENTS = 4; // listed, of those that stood out
const RECENT = 50; // frames that are kept until it is known how surprising they were

const rarity = (surprise) =>
  surprise >= 6 ? "under 1 in 1,000,000" : `1 in ${Math.round(10 ** surprise).toLocaleString("en", { maximumSignificantDigits: 2 })}`;
const signed = (share) => `${share < 0 ? "−" : "+"}${Math.abs(Math.round(share * 100))}`;
const percent = (share) => (share < 0.0995 ? (share * 100).toFixed(1) : `${Math.round(share * 100)}`);
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
export const clock = (time) => new Date(time).toLocaleTimeString([], { hour12: false });

const aheadWords = (lead) =>
  lead < 0 ? `${ageWords(-lead)} ago` : `+${lead < 60000 ? `${(lead / 1000).toFixed(1)} s` : ageWords(lead)}`;

export function ageWords(ms) {
  if (ms < 1000) return `${Math.max(0, Math.round(ms / 10) * 10)} ms`;
  if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3600000) return `${Math.floor(ms / 60000)} min`;
  return `${Math.floor(ms / 3600000)} h`;
}

export class Card {
  #parts = {};
  #camera = null;
  #frame = null;
  #forecast = null;
  #frameSeen = 0;
  #loop = 0; // ms ahead of now that the loop has come to
  #held = null; // ms ahead of now that was chosen in its place
  #step = 0;
  #over = false; // whether the moment of the shown step has passed
  #playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  #drawnAt = 0;
  #drawn = "";
  #drawnStrip = null;
  #drawnOver = 0;
  #slots = new Map();
  #stretches = new Map();
  #timeline = null;
  #map = null;
  #recent = [];
  #storyDrawn = "";

  #now;

  // now gives the server's time in ms.
  constructor(id, now, onExpand) {
    this.id = id;
    this.#now = now;
    const root = document.getElementById("card").content.cloneNode(true).querySelector(".card");
    this.element = root;
    root.id = `camera-${id}`;
    for (const part of root.querySelectorAll("[class]")) this.#parts[part.classList[part.classList.length - 1]] = part;
    this.#name(id);
    this.#parts.expand.addEventListener("click", () => onExpand(id));
    this.#parts.play.addEventListener("click", () => this.play(!this.#playing));
    this.#parts.slider.addEventListener("input", () => this.#hold(this.#parts.slider.value * this.#forecast?.head.intervalMs));
    this.#parts.strip.addEventListener("click", (event) => this.#pick(event));
    this.play(this.#playing);
  }

  update(camera) {
    this.#camera = camera;
    this.#text("model", camera.model ? `${camera.model.name} ${camera.model.version}` : "–");
    this.#parts.model.title = this.#parts.model.textContent;
    this.#text("rate", camera.fps > 0 ? `${camera.fps.toFixed(1)} fps` : "–");
    this.#text("skill", camera.scores ? this.#farWords("skill", camera.skill, signed) : "–");
    this.#text("expected", this.#farWords("expected", camera.expectedError, percent));
    this.#text("latency", camera.latencyMs === undefined ? "–" : ageWords(camera.latencyMs));
  }

  showFrame(frame) {
    this.#frame = frame;
    this.#recent.push(frame);
    if (this.#recent.length > RECENT) this.#recent.shift();
    this.#frameSeen = performance.now();
  }

  showForecast(forecast) {
    this.#forecast = forecast;
    this.#parts.slider.max = forecast.head.steps;
  }

  showTimeline({ head, body }) {
    for (const slot of head.slots) this.#slots.set(slot[0], slot);
    for (const stretch of head.stretches) this.#stretches.set(stretch.id, stretch);
    const endMs = Math.max(...this.#slots.keys()) + head.slotMs;
    for (const start of this.#slots.keys()) if (start < endMs - head.spanMs) this.#slots.delete(start);
    for (const [id, stretch] of this.#stretches) if (stretch.endMs < endMs - head.spanMs) this.#stretches.delete(id);
    this.#timeline = { ...head, endMs, slots: [...this.#slots.values()], stretches: [...this.#stretches.values()] };
    this.#map = { rows: head.rows, columns: head.columns, levels: body, timeMs: head.mapMs };
    this.element.classList.toggle("surprised", this.#timeline.stretches.some((stretch) => !stretch.ended));
    if (head.stretches.length > 0) this.#listMoments();
  }

  play(playing) {
    if (playing && this.#held !== null) this.#loop = Math.max(0, this.#held);
    if (playing) this.#held = null;
    this.#playing = playing;
    this.#parts.play.setAttribute("aria-label", `${playing ? "Pause" : "Play"} the forecast of ${this.id}`);
    this.#parts.play.classList.toggle("playing", playing);
  }

  expand(expanded) {
    this.element.classList.toggle("expanded", expanded);
    this.#parts.expand.setAttribute("aria-pressed", expanded);
  }

  // Draws what changed since the last time; time is that of requestAnimationFrame, now that of the server.
  draw({ time, now, mode, columns, lost }) {
    this.#advance(time, now);
    const stale = this.#staleWords(lost);
    const notice = stale || lost ? "" : this.#noticeWords();
    this.element.classList.toggle("stale", stale !== "");
    this.element.classList.toggle("noticed", notice !== "");
    this.element.classList.toggle("no-forecast", !this.#forecast);
    this.element.classList.toggle("over", this.#over);
    this.element.dataset.mode = mode;
    this.#drawPicture(mode);
    this.#drawAhead(columns, now);
    this.#drawStory();
    this.#label(mode, stale, notice);
  }

  showAges(serverNow) {
    this.#text("picture-age", this.#frame ? ageWords(serverNow - this.#frame.head.timeMs) : "–");
    this.#text("forecast-age", this.#forecast ? ageWords(serverNow - this.#forecast.head.timeMs) : "–");
    const behind = this.#frame ? serverNow - this.#frame.head.timeMs : 0;
    const late = behind > LATE && !this.element.classList.contains("stale");
    this.element.classList.toggle("late", late);
    const judgedAge = serverNow - (this.#judged?.head.timeMs ?? serverNow);
    const then = this.element.dataset.mode === "surprise" ? `${ageWords(judgedAge)} ago` : "Live";
    this.#text("tag-live", late ? `${ageWords(behind)} behind` : then);
    if (this.#camera) this.#showState(late, serverNow);
  }

  get isLive() {
    return this.#isDelivering && !this.element.classList.contains("late");
  }

  // Whether its pictures come, though they may be late ones.
  get #isDelivering() {
    return this.#camera?.state === "live" && !this.element.classList.contains("stale");
  }

  #name(id) {
    this.#text("name", id);
    this.element.setAttribute("aria-label", `Camera ${id}`);
    this.#parts.expand.setAttribute("aria-label", `Show ${id} in full`);
    this.#parts.slider.setAttribute("aria-label", `How far ahead to look, ${id}`);
    this.#listMoments();
    this.#describe("skill-line", `Skill of ${id} over the last 5 minutes: not known yet`);
    this.#parts.strip.setAttribute("aria-label", `All forecast frames of ${id}, nearest first`);
    this.#parts["link-stream"].href = `cameras/${id}/preview.mjpg`;
    this.#parts["link-png"].href = `cameras/${id}/forecast.png`;
    this.#parts["link-mp4"].href = `cameras/${id}/forecast.mp4`;
    this.#parts["link-json"].href = `cameras/${id}/forecast.json`;
  }

  // The loop looks further and further ahead of now, up to the end of the forecast, and rests there for a while.
  #advance(time, now) {
    const passed = Math.max(0, time - this.#drawnAt);
    this.#drawnAt = time;
    if (!this.#forecast) return;
    const { steps, intervalMs } = this.#forecast.head;
    if (this.#playing) this.#loop = (this.#loop + passed) % ((steps + HOLD) * intervalMs);
    const lead = this.#held ?? Math.max(this.#loop, intervalMs / 2); // nearer ones are over
    this.#step = stepAt(this.#forecast.head, lead, now);
    this.#over = leadOf(this.#forecast.head, this.#step, now) < 0;
  }

  #hold(lead) {
    if (!this.#forecast) return;
    this.play(false);
    this.#held = lead;
  }

  #pick(event) {
    if (!this.#forecast) return;
    const { steps, intervalMs } = this.#forecast.head;
    const columns = Number(this.element.dataset.columns);
    const rows = Math.ceil(steps / columns);
    const column = Math.floor((event.offsetX / this.#parts.strip.clientWidth) * columns);
    const row = Math.floor((event.offsetY / this.#parts.strip.clientHeight) * rows);
    const step = Math.min(row * columns + column, steps - 1);
    this.#hold(leadOf(this.#forecast.head, step, this.#now()));
  }

  // A value at half a second, at one second, and as far as it looks.
  #farWords(part, values, words) {
    const seconds = (this.#forecast?.head.intervalMs ?? 100) / 1000;
    const steps = [...new Set([0.5, 1].map((time) => Math.round(time / seconds)).concat(values.length))];
    const known = steps.filter((step) => step >= 1 && step <= values.length);
    const word = (step) => words(values[step - 1]);
    this.#parts[part].title = known.map((step) => `${word(step)} % at ${(step * seconds).toFixed(1)} s`).join(", ");
    return known.length ? `${known.map(word).join(" · ")} %` : "–";
  }

  #staleWords(lost) {
    if (!this.#camera) return "Waiting for its first picture";
    if (lost) return "Not connected";
    const { state, staleSince, stale } = this.#camera;
    if (STATE_WORDS[state] || (stale && state !== "live")) return this.#stateWords();
    if (!this.#frame) return "Waiting for its first picture";
    const silent = performance.now() - this.#frameSeen > Math.max(SILENT, 4000 / (this.#camera.fps || 4));
    if (stale || silent) return `No picture${staleSince ? ` since ${clock(staleSince)}` : ""}`;
    return "";
  }

  // What is the matter with a camera whose pictures come all the same.
  #noticeWords() {
    return this.#camera && this.#camera.state !== "live" ? this.#stateWords() : "";
  }

  #stateWords() {
    const { state, since, reason } = this.#camera;
    const from = since ? ` ${MOMENTARY.includes(state) ? "at" : "since"} ${clock(since)}` : "";
    return `${wordsOf(state)[1]}${from}${reason ? `: ${reason}` : ""}`;
  }

  #drawPicture(mode) {
    const ahead = mode === "live" ? "" : `${this.#step} ${this.#over} ${this.#forecast?.head.timeMs} ${this.#map?.timeMs}`;
    const drawn = `${mode} ${this.#frameSeen} ${ahead}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    drawStage(this.#parts.picture, mode, {
      frame: mode === "surprise" ? this.#judged : this.#frame,
      forecast: this.#forecast,
      step: this.#step,
      over: this.#over,
      map: this.#map,
    });
  }

  // The frame that the map is about; the newest one while there is none.
  get #judged() {
    return this.#recent.find((frame) => frame.head.timeMs === this.#map?.timeMs) ?? this.#frame;
  }

  // The newest slot changes ten times a second, which nobody sees: drawn twice a second.
  #drawStory() {
    if (!this.#timeline) return;
    const { "skill-line": skillLine, "surprise-line": surpriseLine } = this.#parts;
    const sizes = `${surpriseLine.clientWidth} ${skillLine.clientHeight} ${devicePixelRatio}`;
    const drawn = `${this.#timeline.endMs} ${this.#stretches.size} ${sizes}`;
    if (drawn === this.#storyDrawn) return;
    this.#storyDrawn = drawn;
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(name).trim();
    drawSurprise(surpriseLine, this.#timeline, {
      low: colour("--soft"), high: colour("--gone"), line: colour("--late"), mark: colour("--mark"),
    });
    if (skillLine.clientHeight > 0) drawSkill(skillLine, this.#timeline, { high: colour("--live"), line: colour("--line") });
    const known = this.#timeline.slots.map((slot) => slot[2]).filter((skill) => skill !== null);
    const percent = known.length ? Math.round((100 * known.reduce((sum, skill) => sum + skill, 0)) / known.length) : 0;
    this.#describe("skill-line", `Skill of ${this.id} over the last 5 minutes${known.length ? `, ${percent} % on average` : ": not known yet"}`);
  }

  #listMoments() {
    const newest = [...this.#stretches.values()].sort((a, b) => b.beginMs - a.beginMs);
    this.#parts.moments.replaceChildren(...newest.slice(0, MOMENTS).map((stretch) => this.#moment(stretch)));
    const words = newest.length === 1 ? "1 moment stood out" : `${newest.length} moments stood out`;
    const last = newest.length ? `${words}, the last at ${clock(newest[0].beginMs)}` : "nothing stood out";
    this.#describe("surprise-line", `Surprise of ${this.id} in the last 5 minutes: ${last}`);
  }

  #moment(stretch) {
    const item = document.createElement("li");
    const map = document.createElement("canvas");
    drawMap(map, stretch);
    map.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    const lasted = stretch.ended ? `for ${((stretch.endMs - stretch.beginMs) / 1000 + 0.1).toFixed(1)} s` : "until now";
    words.textContent = `${clock(stretch.beginMs)} ${lasted}, ${rarity(stretch.peak)}`;
    item.append(map, words);
    return item;
  }

  #describe(part, words) {
    if (this.#parts[part].getAttribute("aria-label") !== words) this.#parts[part].setAttribute("aria-label", words);
  }

  #drawAhead(columns, now) {
    if (!this.#forecast) return;
    const { steps, intervalMs } = this.#forecast.head;
    this.#drawStrip(columns, overCount(this.#forecast.head, now));
    const step = this.#step;
    const lead = leadOf(this.#forecast.head, step, now);
    const words = aheadWords(lead);
    this.#parts.cell.style.transform = `translate(${(step % columns) * 100}%, ${Math.floor(step / columns) * 100}%)`;
    this.#parts.progress.style.transform = `scaleX(${(step + 1) / steps})`;
    this.#text("tag-ahead", words);
    this.#text("readout", words);
    const slider = this.#parts.slider;
    if (document.activeElement !== slider || this.#playing) slider.value = Math.round((this.#held ?? lead) / intervalMs);
    if (slider.getAttribute("aria-valuetext") !== words) slider.setAttribute("aria-valuetext", words);
  }

  #drawStrip(columns, over) {
    const strip = this.#parts.strip;
    const same = this.#drawnStrip === this.#forecast && Number(this.element.dataset.columns) === columns;
    if (same && over > this.#drawnOver) fadeCells(strip, this.#forecast, columns, this.#drawnOver, over);
    if (!same) {
      drawStrip(strip, this.#forecast, columns, over);
      this.#drawnStrip = this.#forecast;
      this.element.dataset.columns = columns;
      this.element.style.setProperty("--columns", columns);
      this.element.style.setProperty("--rows", Math.ceil(this.#forecast.head.steps / columns));
    }
    this.#drawnOver = over;
  }

  #label(mode, stale, notice) {
    this.#text("stale-words", stale || notice);
    const trouble = stale ? `. Not live: ${stale}` : notice ? `. ${notice}` : "";
    const label = `${this.id}: ${MODE_WORDS[mode]}${trouble}`;
    if (this.#parts.picture.getAttribute("aria-label") !== label) this.#parts.picture.setAttribute("aria-label", label);
  }

  #showState(late, serverNow) {
    const { state, stale, staleSince, since } = this.#camera;
    const from = staleSince ?? since;
    const delivering = this.#isDelivering;
    const silent = state === "live" && !delivering;
    const words = silent ? "silent" : wordsOf(state)[0];
    const age = from && (silent ? stale : state !== "live") ? ` ${ageWords(serverNow - new Date(from))}` : "";
    this.#text("state-words", late && delivering ? "behind" : `${words}${age}`);
    this.element.dataset.state = late && delivering ? "late" : silent ? "silent" : STATE_WORDS[state] || state === "live" ? state : "other";
  }

  #text(part, text) {
    if (this.#parts[part].textContent !== text) this.#parts[part].textContent = text;
  }
}
