// One camera on the page: its picture, its forecast, and how old both are.
import { drawMap, drawSkill, drawStage, drawStrip, drawSurprise } from "./draw.js";

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

const MOMENTS = 4; // listed, of those that stood out
const RECENT = 50; // frames that are kept until it is known how surprising they were

const rarity = (surprise) =>
  surprise >= 6 ? "under 1 in 1,000,000" : `1 in ${Math.round(10 ** surprise).toLocaleString("en", { maximumSignificantDigits: 2 })}`;
const signed = (share) => `${share < 0 ? "−" : "+"}${Math.abs(Math.round(share * 100))}`;
const percent = (share) => (share < 0.0995 ? (share * 100).toFixed(1) : `${Math.round(share * 100)}`);
const clock = (time) => new Date(time).toLocaleTimeString([], { hour12: false });

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
  #step = 0;
  #playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  #played = 0;
  #drawn = "";
  #drawnStrip = null;
  #slots = new Map();
  #stretches = new Map();
  #timeline = null;
  #map = null;
  #recent = [];
  #storyDrawn = "";

  constructor(id, onExpand) {
    this.id = id;
    const root = document.getElementById("card").content.cloneNode(true).querySelector(".card");
    this.element = root;
    root.id = `camera-${id}`;
    for (const part of root.querySelectorAll("[class]")) this.#parts[part.classList[part.classList.length - 1]] = part;
    this.#name(id);
    this.#parts.expand.addEventListener("click", () => onExpand(id));
    this.#parts.play.addEventListener("click", () => this.play(!this.#playing));
    this.#parts.slider.addEventListener("input", () => this.#scrub(this.#parts.slider.value - 1));
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
    this.#playing = playing;
    this.#parts.play.setAttribute("aria-label", `${playing ? "Pause" : "Play"} the forecast of ${this.id}`);
    this.#parts.play.classList.toggle("playing", playing);
  }

  expand(expanded) {
    this.element.classList.toggle("expanded", expanded);
    this.#parts.expand.setAttribute("aria-pressed", expanded);
  }

  // Draws what changed since the last time; time is that of requestAnimationFrame.
  draw(time, mode, columns, lost) {
    this.#advance(time);
    const stale = this.#staleWords(lost);
    this.element.classList.toggle("stale", stale !== "");
    this.element.classList.toggle("no-forecast", !this.#forecast);
    this.element.dataset.mode = mode;
    this.#drawPicture(mode);
    this.#drawAhead(columns);
    this.#drawStory();
    this.#label(mode, stale);
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
    return !this.element.classList.contains("stale");
  }

  #name(id) {
    this.#text("name", id);
    this.element.setAttribute("aria-label", `Camera ${id}`);
    this.#parts.expand.setAttribute("aria-label", `Show ${id} in full`);
    this.#parts.slider.setAttribute("aria-label", `How far ahead to look, ${id}`);
    this.#listMoments();
    this.#describe("skill-line", `Skill of ${id} over the last 5 minutes: not known yet`);
    this.#parts.strip.setAttribute("aria-label", `All forecast frames of ${id}, nearest first`);
    this.#parts["link-stream"].href = `/cameras/${id}/preview.mjpg`;
    this.#parts["link-png"].href = `/cameras/${id}/forecast.png`;
    this.#parts["link-mp4"].href = `/cameras/${id}/forecast.mp4`;
    this.#parts["link-json"].href = `/cameras/${id}/forecast.json`;
  }

  #advance(time) {
    if (!this.#forecast) return;
    const { steps, intervalMs } = this.#forecast.head;
    if (this.#playing && time - this.#played >= intervalMs) {
      const missed = Math.floor((time - this.#played) / intervalMs);
      this.#played = missed > steps ? time : this.#played + missed * intervalMs;
      this.#step = (this.#step + Math.min(missed, steps)) % (steps + HOLD);
    }
  }

  get #shownStep() {
    return this.#forecast ? Math.min(this.#step, this.#forecast.head.steps - 1) : 0;
  }

  #scrub(step) {
    this.play(false);
    this.#step = step;
  }

  #pick(event) {
    const columns = Number(this.element.dataset.columns);
    const rows = Math.ceil(this.#forecast.head.steps / columns);
    const column = Math.floor((event.offsetX / this.#parts.strip.clientWidth) * columns);
    const row = Math.floor((event.offsetY / this.#parts.strip.clientHeight) * rows);
    this.#scrub(Math.min(row * columns + column, this.#forecast.head.steps - 1));
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
    const { state, since, staleSince, reason, stale } = this.#camera;
    const from = since ? ` since ${clock(since)}` : "";
    const why = reason ? `: ${reason}` : "";
    if (state === "connecting") return `Connecting${from}${why}`;
    if (state === "reconnecting") return `Gone${from}${why}`;
    if (state === "ended") return `Ended${from.replace(" since", " at")}${why}`;
    if (state === "failed") return `Failed${from.replace(" since", " at")}${why}`;
    if (!this.#frame) return "Waiting for its first picture";
    const silent = performance.now() - this.#frameSeen > Math.max(SILENT, 4000 / (this.#camera.fps || 4));
    if (stale || silent) return `No picture${staleSince ? ` since ${clock(staleSince)}` : ""}`;
    return "";
  }

  #drawPicture(mode) {
    const ahead = mode === "live" ? "" : `${this.#shownStep} ${this.#forecast?.head.timeMs} ${this.#map?.timeMs}`;
    const drawn = `${mode} ${this.#frameSeen} ${ahead}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    drawStage(this.#parts.picture, mode, mode === "surprise" ? this.#judged : this.#frame, this.#forecast, this.#shownStep, this.#map);
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

  #drawAhead(columns) {
    if (!this.#forecast) return;
    const { steps, intervalMs } = this.#forecast.head;
    if (this.#drawnStrip !== this.#forecast || Number(this.element.dataset.columns) !== columns) {
      this.#drawnStrip = this.#forecast;
      this.element.dataset.columns = columns;
      drawStrip(this.#parts.strip, this.#forecast, columns);
      this.element.style.setProperty("--columns", columns);
      this.element.style.setProperty("--rows", Math.ceil(steps / columns));
    }
    const step = this.#shownStep;
    const words = `+${(((step + 1) * intervalMs) / 1000).toFixed(1)} s`;
    this.#parts.cell.style.transform = `translate(${(step % columns) * 100}%, ${Math.floor(step / columns) * 100}%)`;
    this.#parts.progress.style.transform = `scaleX(${(step + 1) / steps})`;
    this.#text("tag-ahead", words);
    this.#text("readout", words);
    if (document.activeElement !== this.#parts.slider || this.#playing) this.#parts.slider.value = step + 1;
    this.#parts.slider.setAttribute("aria-valuetext", words);
  }

  #label(mode, stale) {
    this.#text("stale-words", stale);
    const label = `${this.id}: ${MODE_WORDS[mode]}${stale ? `. Not live: ${stale}` : ""}`;
    if (this.#parts.picture.getAttribute("aria-label") !== label) this.#parts.picture.setAttribute("aria-label", label);
  }

  #showState(late, serverNow) {
    const { state, stale, staleSince, since } = this.#camera;
    const live = this.isLive;
    const from = staleSince ?? since;
    const words = { reconnecting: "gone", connecting: "connecting", ended: "ended", failed: "failed", live: "silent" };
    const age = from && stale ? ` ${ageWords(serverNow - new Date(from))}` : "";
    const text = late ? "behind" : live ? "live" : `${words[state]}${age}`;
    this.#text("state-words", text);
    this.element.dataset.state = late ? "late" : live ? "live" : state === "live" ? "silent" : state;
  }

  #text(part, text) {
    if (this.#parts[part].textContent !== text) this.#parts[part].textContent = text;
  }
}
