// One camera on the page: its picture, its forecast, and how old both are.
import { leadOf, overCount, stepAt } from "./ahead.js";
import { drawMap, drawNext, drawNow, drawSkill, drawStrip, drawSurprise, fadeCells } from "./draw.js";
import { Past } from "./past.js";
import { FIGURES, NO_VERDICT, STATE_WORDS, ageWords, clock, leadWords, nextStep, percentWords, rarityWords, stateWords, verdictWords } from "./words.js";

const FIRST_LEAD = 1000; // ms ahead that is shown until another moment is chosen
const STEPS = 32; // of a forecast, until one has come
const PICTURE_KEPT = 3000; // ms by which a picture and the newest frame may differ to be taken for the same
const HOLD = 5; // steps for which the loop rests on the last frame
const SILENT = 2000; // ms without a frame after which a picture is stale, unless the camera is slower
const LATE = 3000; // ms behind reality after which a picture says so
const CARD_STRIDE = 4; // a card shows every fourth frame of a forecast, one camera in full all of them

const MODE_WORDS = {
  side: "the picture of now",
  overlay: "the picture of now with its forecast laid over it",
  difference: "the picture of now in grey, the changes that are forecast in colour",
  surprise: "the picture of now in grey, what was not expected in red",
  live: "the picture of now",
  model: "the picture of now as the model sees it",
};
const PAST_WORDS = {
  side: "what was seen",
  overlay: "what was seen with its forecast laid over it",
  difference: "what was seen in grey, where its forecast differed in colour",
  surprise: "what was seen in grey, what was not forecast in red",
  live: "what was seen",
  model: "what was seen, as the model saw it",
};
const MOMENTARY = ["ended", "failed", "paused"]; // states that begin at a moment and do not pass by themselves

const MOMENTS = 3; // listed, of those that stood out
const RECENT = 50; // frames that are kept until it is known how surprising they were
const RECENT_PICTURES = 15; // the same of pictures, which are fewer
const NEAR = 250; // ms by which a picture may miss the moment that is judged
const LATELY = 60000; // ms that count when cameras are ordered by what was unexpected

export class Card {
  #parts = {};
  #camera = null;
  #frame = null;
  #picture = null;
  #jpegs = [];
  #past = null;
  #forecast = null;
  #frameSeen = 0;
  #loop = 0; // ms ahead of now that the loop has come to
  #held = FIRST_LEAD; // ms ahead of now that is shown while the loop stands still
  #step = 0;
  #over = false; // whether the moment of the shown step has passed
  #playing = false;
  #drawnAt = 0;
  #drawn = "";
  #drawnStrip = null;
  #drawnOver = 0;
  #columns = 0;
  #stride = 0;
  #slots = new Map();
  #stretches = new Map();
  #timeline = null;
  #map = null;
  #recent = [];
  #storyDrawn = "";
  #now;
  #history;
  #surprising = false;

  // now gives the server's time in ms.
  constructor(id, now, onExpand) {
    this.id = id;
    this.#now = now;
    const root = document.getElementById("card").content.cloneNode(true).querySelector(".card");
    this.element = root;
    root.id = `camera-${id}`;
    for (const part of root.querySelectorAll("[class]")) this.#parts[part.classList[part.classList.length - 1]] = part;
    for (const named of root.querySelectorAll("[data-figure]")) named.title = FIGURES[named.dataset.figure].text;
    this.#name(id);
    this.#parts.expand.addEventListener("click", () => onExpand(id));
    this.#parts.stage.addEventListener("click", () => this.element.dataset.full === "true" || onExpand(id));
    this.#parts.play.addEventListener("click", () => this.play(!this.#playing));
    this.#parts.slider.addEventListener("input", () => this.#hold(this.#parts.slider.value * this.#forecast?.head.intervalMs));
    this.#parts.strip.addEventListener("click", (event) => this.#pick(event));
    this.#history = new Past(id, this.#parts, now);
    this.play(false);
  }

  // Shows a moment of the past, in ms since 1970, if it is kept.
  follow(timeMs) {
    this.#history.follow(timeMs);
  }

  // Goes back and forth through the past.
  step(count) {
    this.#history.step(count);
  }

  showNow() {
    this.#history.live();
  }

  // Whether it shows what is now, and not the past.
  get isLiveView() {
    return this.#history.isLive;
  }

  update(camera) {
    this.#camera = camera;
    const model = camera.model && `${camera.model.name}, version ${camera.model.version}`;
    this.#text("model", model ?? "–");
    this.#text("rate", camera.fps > 0 ? camera.fps.toFixed(1) : "–");
    this.#text("skill", camera.scores ? this.#farWords(camera.skill) : "–");
    this.#text("expected", this.#farWords(camera.expectedError));
    this.#text("verdict", this.#verdict());
    const latency = camera.latencyMs;
    this.#text("latency", latency === undefined ? "–" : latency < 1000 ? `${Math.round(latency)} ms` : ageWords(latency));
  }

  showFrame(frame) {
    this.#frame = frame;
    this.#recent.push(frame);
    if (this.#recent.length > RECENT) this.#recent.shift();
    this.#frameSeen = performance.now();
  }

  // The camera's own picture, larger than a frame; decoded by the browser while the page goes on.
  async showPicture({ head, body }) {
    const jpeg = new Blob([body], { type: "image/jpeg" }); // a copy: the message is larger than its picture
    try {
      const image = await createImageBitmap(jpeg);
      this.#picture?.image.close();
      this.#picture = { image, timeMs: head.timeMs };
      this.#jpegs.push({ jpeg, timeMs: head.timeMs });
      if (this.#jpegs.length > RECENT_PICTURES) this.#jpegs.shift();
    } catch {
      // no picture that this browser can read: the frame is shown
    }
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
    this.#surprising = this.#timeline.stretches.some((stretch) => !stretch.ended);
    if (head.stretches.length > 0) this.#listMoments();
  }

  play(playing) {
    if (playing && this.#held !== null) this.#loop = Math.max(0, this.#held);
    if (playing) this.#held = null;
    this.#playing = playing;
    this.#parts.play.setAttribute("aria-label", `${playing ? "Pause" : "Play"} the forecast of ${this.id}`);
    this.#parts.play.title = playing ? "Pause" : "Play the forecast from now to its end, again and again";
    this.#parts.play.classList.toggle("playing", playing);
  }

  expand(expanded) {
    this.element.classList.toggle("expanded", expanded);
    this.#parts.expand.setAttribute("aria-pressed", expanded);
    this.#parts.expand.title = expanded ? "Back to all cameras (key Esc)" : "Show this camera in full";
  }

  // Draws what changed since the last time; time is that of requestAnimationFrame, now that of the server, full whether
  // the camera has the page to itself.
  draw({ time, now, mode, full, columns, lost }) {
    this.#advance(time, now);
    if (full) this.#history.draw(time, now, this.element);
    else if (!this.#history.isLive) this.#history.live();
    const past = this.#history.shown;
    const stale = past ? "" : this.#staleWords(lost);
    const notice = stale || lost || past ? "" : this.#noticeWords();
    this.element.classList.toggle("in-past", past !== null);
    this.element.classList.toggle("surprised", past ? past.surprise >= 3 : this.#surprising);
    this.element.classList.toggle("stale", stale !== "");
    this.element.classList.toggle("noticed", notice !== "");
    this.element.classList.toggle("no-forecast", !this.#forecast);
    this.element.classList.toggle("over", this.#over);
    this.element.dataset.mode = mode;
    this.element.dataset.full = full;
    if (past) this.#drawPast(mode, past);
    else this.#drawPicture(mode);
    this.#drawAhead(columns, full ? 1 : CARD_STRIDE, now);
    this.#drawStory();
    this.#label(mode, stale, notice);
    if (past) this.#labelPast(past);
    else this.#text("prefix", "Next: ");
  }

  showAges(serverNow) {
    this.#text("picture-age", this.#frame ? `${ageWords(serverNow - this.#frame.head.timeMs)} ago` : "–");
    this.#text("forecast-age", this.#forecast ? `${ageWords(serverNow - this.#forecast.head.timeMs)} ago` : "–");
    const behind = this.#frame ? serverNow - this.#frame.head.timeMs : 0;
    const late = behind > LATE && !this.element.classList.contains("stale");
    this.element.classList.toggle("late", late);
    const judgedAge = serverNow - (this.#judged?.head.timeMs ?? serverNow);
    const then = this.element.dataset.mode === "surprise" ? `${ageWords(judgedAge)} ago` : "Now";
    if (!this.#history.shown) this.#text("tag-live", late ? `${ageWords(behind)} ago` : then);
    this.#showMomentAges(serverNow);
    if (this.#camera) this.#showState(late, serverNow);
  }

  get isLive() {
    return this.#isDelivering && !this.element.classList.contains("late");
  }

  // How much wider than high its picture is shown.
  get aspect() {
    return Number(this.element.style.getPropertyValue("--aspect")) || 1;
  }

  // What the camera is doing, in one word: live, late, silent, other, or a state without new pictures.
  get condition() {
    return this.element.dataset.state ?? "connecting";
  }

  get conditionWords() {
    return this.#parts["state-words"].textContent;
  }

  // How unexpected the most unexpected picture of the last minute was; what goes on comes first.
  get unexpected() {
    if (this.#surprising) return Infinity;
    const { slots = [], endMs = 0 } = this.#timeline ?? {};
    return slots.reduce((most, [start, surprise]) => (start > endMs - LATELY ? Math.max(most, surprise ?? 0) : most), 0);
  }

  // Whether its pictures come, though they may be late ones.
  get #isDelivering() {
    return this.#camera?.state === "live" && !this.element.classList.contains("stale");
  }

  #name(id) {
    this.#text("name", id);
    this.#parts.name.title = id;
    this.element.setAttribute("aria-label", `Camera ${id}`);
    this.#parts.expand.setAttribute("aria-label", `Show ${id} in full`);
    this.#parts.slider.setAttribute("aria-label", `How far ahead to look, ${id}`);
    this.#listMoments();
    this.#describe("skill-line", `How much closer than repeating the last picture the forecasts of ${id} were in the last 5 minutes: not known yet`);
    this.#parts.strip.setAttribute("aria-label", `The forecast of ${id} in small pictures, nearest first`);
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
    const { steps } = this.#forecast.head;
    const rows = Math.ceil(steps / this.#stride / this.#columns);
    const column = Math.floor((event.offsetX / this.#parts.strip.clientWidth) * this.#columns);
    const row = Math.floor((event.offsetY / this.#parts.strip.clientHeight) * rows);
    const step = Math.min((row * this.#columns + column + 1) * this.#stride, steps) - 1;
    this.#hold(leadOf(this.#forecast.head, step, this.#now()));
  }

  // A value for every step, at half a second, at one second, and as far as it looks.
  #farWords(values) {
    const seconds = this.#interval / 1000;
    const steps = [...new Set([0.5, 1].map((time) => Math.round(time / seconds)).concat(values.length))];
    const known = steps.filter((step) => step >= 1 && step <= values.length);
    const word = (step) => `${percentWords(values[step - 1])} at ${(step * seconds).toFixed(1)} s`;
    return known.map(word).join(" · ") || "–";
  }

  #verdict() {
    const { scores, skill } = this.#camera;
    if (!scores || !skill.length) return NO_VERDICT;
    const step = Math.max(1, Math.min(skill.length, Math.round(FIRST_LEAD / this.#interval)));
    return verdictWords(skill[step - 1], (step * this.#interval) / 1000);
  }

  get #interval() {
    return this.#forecast?.head.intervalMs ?? 100;
  }

  #staleWords(lost) {
    if (!this.#camera) return "Waiting for its first picture";
    if (lost) return "Not connected";
    const { state, staleSince, stale } = this.#camera;
    if (STATE_WORDS[state] || (stale && state !== "live")) return this.#stateWords();
    if (!this.#frame) return "Waiting for its first picture";
    const silent = performance.now() - this.#frameSeen > Math.max(SILENT, 4000 / (this.#camera.fps || 4));
    if (stale || silent) return `No picture${staleSince ? ` since ${clock(staleSince)}` : ""}. ${nextStep("silent")}`;
    return "";
  }

  // What is the matter with a camera whose pictures come all the same.
  #noticeWords() {
    return this.#camera && this.#camera.state !== "live" ? this.#stateWords() : "";
  }

  #stateWords() {
    const { state, since, reason } = this.#camera;
    const from = since ? ` ${MOMENTARY.includes(state) ? "at" : "since"} ${clock(since)}` : "";
    const why = reason ? `: ${reason}` : nextStep(state) ? `. ${nextStep(state)}` : "";
    return `${stateWords(state)[1]}${from}${why}`;
  }

  #drawPicture(mode) {
    const moving = `${this.#step} ${this.#over} ${this.#forecast?.head.timeMs} ${this.#map?.timeMs}`;
    const picture = mode === "model" ? null : mode === "surprise" ? this.#judgedPicture() : this.#shownPicture;
    const drawn = `${mode} ${this.#frameSeen} ${picture?.timeMs} ${mode === "live" ? "" : moving}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.style.setProperty("--aspect", picture ? (picture.image.width / picture.image.height).toFixed(4) : 1);
    this.element.dataset.wide = this.aspect > 1.2;
    const shown = {
      picture: picture?.image,
      frame: mode === "surprise" ? this.#judged : this.#frame,
      forecast: this.#forecast,
      step: this.#step,
      over: this.#over,
      map: this.#map,
    };
    drawNow(this.#parts.picture, mode, shown);
    if (mode === "side" || mode === "model") drawNext(this.#parts.next, shown);
  }

  // A moment of the past, in the camera's own picture where that is kept.
  #drawPast(mode, past) {
    const drawn = `past ${mode} ${past.timeMs}`;
    if (drawn === this.#drawn || !past.frame) return;
    this.#drawn = drawn;
    const picture = mode === "model" ? null : past.image;
    if (picture || mode === "model") this.element.style.setProperty("--aspect", picture ? (picture.width / picture.height).toFixed(4) : 1);
    const shown = { picture, frame: past.frame, forecast: past.forecast, step: 0, over: false, map: errorMap(past), past: true };
    drawNow(this.#parts.picture, mode, shown);
    if (mode === "side" || mode === "model") drawNext(this.#parts.next, shown);
  }

  #labelPast(past) {
    const before = past.leadMs === undefined ? "" : `${ageWords(past.leadMs)} before`;
    this.#text("tag-live", `Seen ${clock(past.timeMs)}`);
    this.#text("prefix", "Forecast ");
    this.#text("tag-ahead", before);
    this.#text("tag-over", before ? `Forecast ${before}` : "");
    this.#text("wait-words", past.forecast ? "" : "No forecast was there in time for this moment.");
    this.#describe("picture", `${this.id}: ${PAST_WORDS[this.element.dataset.mode]}, at ${clock(past.timeMs)}`);
    this.#describe("next", `${this.id}: what had been forecast for ${clock(past.timeMs)}${before ? `, ${before}` : ""}`);
  }

  // The camera's picture, if it is about as new as the newest frame.
  get #shownPicture() {
    const isFresh = this.#frame && this.#picture && Math.abs(this.#frame.head.timeMs - this.#picture.timeMs) <= PICTURE_KEPT;
    return isFresh ? this.#picture : null;
  }

  // A picture of the moment that the map is about, decoded when it is first wanted; the one before it until then.
  #judgedPicture() {
    const off = ({ timeMs }) => Math.abs(timeMs - (this.#map?.timeMs ?? Infinity));
    const nearest = this.#jpegs.filter((picture) => off(picture) <= NEAR).sort((a, b) => off(a) - off(b))[0];
    if (nearest && nearest.timeMs !== this.#past?.timeMs) this.#decodePast(nearest);
    return this.#past?.image && off(this.#past) <= 2 * NEAR ? this.#past : null;
  }

  async #decodePast({ jpeg, timeMs }) {
    const before = this.#past;
    this.#past = { image: before?.image, timeMs };
    try {
      const image = await createImageBitmap(jpeg);
      this.#past = { image, timeMs };
      before?.image?.close();
    } catch {
      this.#past = null;
    }
  }

  // The frame that the map is about; the newest one while there is none.
  get #judged() {
    return this.#recent.find((frame) => frame.head.timeMs === this.#map?.timeMs) ?? this.#frame;
  }

  // The newest slot changes ten times a second, which nobody sees: drawn twice a second.
  #drawStory() {
    const { "skill-line": skillLine, "surprise-line": surpriseLine } = this.#parts;
    if (!this.#timeline || surpriseLine.clientHeight === 0) return;
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
    const mean = known.length ? `${percent} % on average` : "not known yet";
    this.#describe("skill-line", `How much closer than repeating the last picture the forecasts of ${this.id} were in the last 5 minutes: ${mean}`);
  }

  #listMoments() {
    const newest = [...this.#stretches.values()].sort((a, b) => b.beginMs - a.beginMs);
    this.#parts.moments.replaceChildren(...newest.slice(0, MOMENTS).map((stretch) => this.#moment(stretch)));
    this.#showMomentAges(this.#now());
    const words = newest.length === 1 ? "1 unexpected moment" : `${newest.length} unexpected moments`;
    const last = newest.length ? `${words}, the last at ${clock(newest[0].beginMs)}` : "nothing unexpected";
    this.#describe("surprise-line", `What ${this.id} showed in the last 5 minutes: ${last}`);
  }

  #moment(stretch) {
    const item = document.createElement("li");
    const map = document.createElement("canvas");
    drawMap(map, stretch);
    map.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    const age = document.createElement("b");
    age.dataset.beginMs = stretch.beginMs;
    const lasted = stretch.ended ? `for ${((stretch.endMs - stretch.beginMs) / 1000 + 0.1).toFixed(1)} s` : "still going on";
    words.append(age, `, ${lasted}, as rare as ${rarityWords(stretch.peak)}`);
    item.title = `It began at ${clock(stretch.beginMs)}. The small picture shows where, the brighter the more. Click to see it again.`;
    const show = document.createElement("button");
    show.type = "button";
    show.append(map, words);
    show.addEventListener("click", () => this.#history.follow(stretch.beginMs));
    item.append(show);
    return item;
  }

  #showMomentAges(now) {
    for (const age of this.#parts.moments.querySelectorAll("b")) {
      const words = now === null ? "" : leadWords(Math.min(-1, age.dataset.beginMs - now));
      if (age.textContent !== words) age.textContent = words;
    }
  }

  #describe(part, words) {
    if (this.#parts[part].getAttribute("aria-label") !== words) this.#parts[part].setAttribute("aria-label", words);
  }

  #drawAhead(columns, stride, now) {
    this.#text("wait-words", this.#forecast ? "" : "The first forecast takes some seconds: it starts from a few pictures.");
    this.element.style.setProperty("--columns", columns);
    this.element.style.setProperty("--rows", Math.ceil((this.#forecast?.head.steps ?? STEPS) / stride / columns));
    if (!this.#forecast) return;
    if (this.#parts.strip.clientHeight > 0) this.#drawStrip(columns, stride, overCount(this.#forecast.head, now));
    const lead = this.#shownLead(now);
    const words = leadWords(lead);
    const cell = Math.floor(this.#step / stride);
    this.#parts.cell.style.transform = `translate(${(cell % columns) * 100}%, ${Math.floor(cell / columns) * 100}%)`;
    this.#text("tag-ahead", words);
    this.#text("tag-over", words);
    this.#text("readout", words);
    this.#describe("next", `${this.id}: what it is expected to show ${words}`);
    const slider = this.#parts.slider;
    if (document.activeElement !== slider || this.#playing) slider.value = Math.round((this.#held ?? lead) / this.#interval);
    if (slider.getAttribute("aria-valuetext") !== words) slider.setAttribute("aria-valuetext", words);
  }

  // How far ahead of now the shown frame is: as was chosen, if it is the frame nearest to that.
  #shownLead(now) {
    const lead = leadOf(this.#forecast.head, this.#step, now);
    const isNearest = this.#held !== null && Math.abs(lead - this.#held) <= this.#interval / 2;
    return isNearest ? this.#held : lead;
  }

  #drawStrip(columns, stride, over) {
    const strip = this.#parts.strip;
    const same = this.#drawnStrip === this.#forecast && this.#columns === columns && this.#stride === stride;
    if (same && over > this.#drawnOver) fadeCells(strip, this.#forecast, { columns, stride }, this.#drawnOver, over);
    if (!same) {
      drawStrip(strip, this.#forecast, { columns, stride }, over);
      this.#drawnStrip = this.#forecast;
      this.#columns = columns;
      this.#stride = stride;
    }
    this.#drawnOver = over;
  }

  #label(mode, stale, notice) {
    this.#text("stale-words", stale || notice);
    this.#parts["stale-words"].title = stale || notice;
    const trouble = stale ? `. Not live: ${stale}` : notice ? `. ${notice}` : "";
    this.#describe("picture", `${this.id}: ${MODE_WORDS[mode]}${trouble}`);
  }

  #showState(late, serverNow) {
    const { state, stale, staleSince, since } = this.#camera;
    const from = staleSince ?? since;
    const delivering = this.#isDelivering;
    const silent = state === "live" && !delivering;
    const words = silent ? "no picture" : stateWords(state)[0];
    const age = from && (silent ? stale : state !== "live") ? ` for ${ageWords(serverNow - new Date(from))}` : "";
    this.#text("state-words", late && delivering ? "behind" : `${words}${age}`);
    const known = STATE_WORDS[state] || stateWords(state)[0] !== state || state === "live";
    this.element.dataset.state = late && delivering ? "late" : silent ? "silent" : known ? state : "other";
  }

  #text(part, text) {
    if (this.#parts[part].textContent !== text) this.#parts[part].textContent = text;
  }
}

// How far each pixel of a moment was off, as a map of errors.
function errorMap({ frame, forecast }) {
  if (!frame || !forecast) return null;
  const { width, height } = frame.head;
  const levels = new Uint8Array(width * height);
  for (let place = 0; place < levels.length; place++) {
    const off = (channel) => Math.abs(frame.body[4 * place + channel] - forecast.body[4 * place + channel]);
    levels[place] = Math.max(off(0), off(1), off(2));
  }
  return { rows: height, columns: width, levels };
}
