// The last minutes of a camera that is shown in full: a time bar to scrub, the moment it stands at, links and clips.
import { drawPast } from "./draw.js";
import { ageWords, clock, dayAndClock, percentWords, rarityWords } from "./words.js";

const PACE = 1000; // ms between questions for new moments
const CLIPS_PACE = 5000; // ms between questions for new clips
const NEAR = 2000; // ms by which a time may miss the moment that is meant
const AROUND = 5000; // ms before and after a moment that its clip shows
const REPLAY = 10000; // ms that are played from now
const SHOWN = 50; // moments that are kept decoded, so that playing again is smooth
const COPIED = 2500; // ms

export class Past {
  #id;
  #parts;
  #now;
  #moments = [];
  #history = null; // what the server said last, without its moments
  #at = null; // ms since 1970 of the moment that is shown; null while it is now
  #shown = null;
  #followed = null; // ms since 1970 of a moment that is wanted, if it is kept
  #playing = null; // where playing began: { at, since }
  #askedAt = -Infinity;
  #askedClipsAt = -Infinity;
  #asking = false;
  #loading = false;
  #decoded = new Map();
  #drawn = "";
  #clips = "";

  // parts are the card's elements by their names; now gives the server's time in ms.
  constructor(id, parts, now) {
    this.#id = id;
    this.#parts = parts;
    this.#now = now;
    parts["past-slider"].setAttribute("aria-label", `Look back at the last 5 minutes of ${id}`);
    parts["past-slider"].addEventListener("input", () => this.#scrub(Number(parts["past-slider"].value)));
    parts["past-play"].addEventListener("click", () => (this.#playing ? this.#pause() : this.#play()));
    parts["past-live"].addEventListener("click", () => this.live());
    parts["past-copy"].addEventListener("click", () => this.#copy());
    this.#showClip();
  }

  // The moment that is shown, with its pictures; null while it is now, or while the first picture is on its way.
  get shown() {
    return this.#at === null ? null : this.#shown;
  }

  get isLive() {
    return this.#at === null;
  }

  // Shows the moment nearest to a time in ms since 1970.
  seek(timeMs) {
    this.#pause();
    this.#note("");
    this.#go(timeMs);
  }

  // Shows a moment, as soon as it is known whether it is kept.
  follow(timeMs) {
    this.#followed = timeMs;
    if (this.#history) this.#arrive();
  }

  // Moves by so many moments; after the last one it is now.
  step(count) {
    if (this.#moments.length === 0) return;
    const place = this.#at === null ? this.#moments.length : this.#placeOf(this.#at);
    const wanted = Math.max(0, place + count);
    if (wanted >= this.#moments.length) this.live();
    else this.seek(this.#moments[wanted].timeMs);
  }

  live() {
    this.#pause();
    this.#note("");
    this.#at = null;
    this.#shown = null;
    this.#showClip();
  }

  // Keeps the bar up to date; time is that of requestAnimationFrame.
  draw(time, now, element) {
    if (now === null) return;
    if (time - this.#askedAt > PACE && !this.#asking) this.#ask(time);
    if (time - this.#askedClipsAt > CLIPS_PACE) this.#askClips(time);
    if (this.#playing) this.#advance(time);
    this.#showWords(now);
    this.#drawBar(now, element);
  }

  async #ask(time) {
    this.#askedAt = time;
    this.#asking = true;
    const last = this.#moments.at(-1)?.timeMs;
    const lately = last === undefined ? "" : `?from=${last - 3 * NEAR}`; // how surprising those were is known by now
    try {
      const answer = await fetch(`cameras/${this.#id}/history.json${lately}`, { cache: "no-store" });
      if (answer.ok) this.#take(await answer.json());
    } catch {
      // the next question may be answered
    } finally {
      this.#asking = false;
    }
  }

  #take({ moments, ...history }) {
    if (this.#history && this.#history.sinceMs !== history.sinceMs) this.#moments = []; // Framecast was started again
    const first = moments[0]?.timeMs ?? Infinity;
    const oldest = history.nowMs - history.spanMs;
    this.#moments = this.#moments.filter(({ timeMs }) => timeMs < first && timeMs >= oldest).concat(moments);
    this.#history = history;
    if (this.#followed !== null) this.#arrive();
  }

  #arrive() {
    const wanted = this.#followed;
    this.#followed = null;
    const isKept = this.#moments.some(({ timeMs }) => Math.abs(timeMs - wanted) <= NEAR);
    if (isKept) return this.seek(wanted);
    this.live();
    const { sinceMs, spanMs } = this.#history;
    const minutes = Math.round(spanMs / 60000);
    const isBefore = wanted < sinceMs && this.#history.nowMs - sinceMs < spanMs;
    if (Number.isNaN(wanted)) this.#note("The link does not name a moment. You see the present.");
    else if (isBefore) this.#note(`Nothing is kept of ${dayAndClock(wanted)}: Framecast was started at ${dayAndClock(sinceMs)} and keeps nothing from before. You see the present.`);
    else this.#note(`Nothing is kept of ${dayAndClock(wanted)}: the past goes back ${minutes} minutes at most. You see the present.`);
  }

  #scrub(seconds) {
    if (seconds >= 0) this.live();
    else this.seek(this.#now() + seconds * 1000);
  }

  #go(timeMs) {
    if (this.#moments.length === 0) return;
    this.#at = this.#moments[this.#placeOf(timeMs)].timeMs;
    this.#showClip();
    this.#load();
  }

  // The number of the moment nearest to a time.
  #placeOf(timeMs) {
    let low = 0;
    let high = this.#moments.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#moments[middle].timeMs < timeMs) low = middle + 1;
      else high = middle;
    }
    const before = this.#moments[low - 1];
    return before && timeMs - before.timeMs < Math.abs(this.#moments[low].timeMs - timeMs) ? low - 1 : low;
  }

  #play() {
    const from = this.#at ?? this.#now() - REPLAY;
    this.#note("");
    this.#go(from);
    if (this.#at !== null) this.#playing = { at: this.#at, since: performance.now() };
  }

  #pause() {
    this.#playing = null;
  }

  #advance(time) {
    const wanted = this.#playing.at + (time - this.#playing.since);
    if (wanted >= (this.#moments.at(-1)?.timeMs ?? 0)) this.live();
    else if (!this.#loading) this.#go(wanted);
  }

  // One moment at a time is fetched, the newest wanted one next, however fast somebody scrubs.
  async #load() {
    if (this.#loading) return;
    this.#loading = true;
    try {
      while (this.#at !== null && this.#shown?.timeMs !== this.#at) {
        const timeMs = this.#at;
        const shown = await this.#fetched(timeMs);
        if (this.#at === timeMs || (this.#at !== null && shown.frame)) this.#shown = shown;
      }
    } finally {
      this.#loading = false;
    }
  }

  async #fetched(timeMs) {
    const known = this.#decoded.get(timeMs);
    if (known) return known;
    const moment = this.#moments.find((each) => each.timeMs === timeMs);
    const [frame, forecast, image] = await Promise.all([
      this.#pixels(`seen.jpg?at=${timeMs}`),
      moment?.leadMs === undefined ? null : this.#pixels(`expected.jpg?at=${timeMs}`),
      moment?.picture ? this.#image(`picture.jpg?at=${timeMs}`) : null,
    ]);
    const shown = { ...moment, timeMs, frame, forecast, image };
    if (!frame) this.#note(`What was seen at ${clock(timeMs)} is no longer kept.`);
    else this.#decoded.set(timeMs, shown);
    if (this.#decoded.size > SHOWN) this.#decoded.delete(this.#decoded.keys().next().value);
    return shown;
  }

  // A picture as the small ones that are drawn everywhere: its size, and its pixels with four bytes each.
  async #pixels(address) {
    const image = await this.#image(address);
    if (!image) return null;
    const { width, height } = image;
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    image.close();
    return { head: { width, height, channels: 4 }, body: context.getImageData(0, 0, width, height).data };
  }

  async #image(address) {
    try {
      const answer = await fetch(`cameras/${this.#id}/${address}`);
      return answer.ok ? await createImageBitmap(await answer.blob()) : null;
    } catch {
      return null;
    }
  }

  #showWords(now) {
    const { "past-slider": slider, "past-words": words, "past-live": live, "past-play": play } = this.#parts;
    const said = this.#at === null ? "Now" : `${ageWords(now - this.#at)} ago, ${clock(this.#at)}`;
    const moment = this.#at === null ? null : this.#moments[this.#placeOf(this.#at)];
    const error = moment?.error === undefined ? "" : `, off by ${percentWords(moment.error)}`;
    const rare = moment?.surprise >= this.#history?.threshold ? `, unexpected: ${rarityWords(moment.surprise)}` : "";
    text(words, `${said}${error}${rare}`);
    live.disabled = this.#at === null;
    slider.value = this.#at === null ? 0 : (this.#at - now) / 1000;
    if (slider.getAttribute("aria-valuetext") !== `${said}${error}${rare}`) slider.setAttribute("aria-valuetext", `${said}${error}${rare}`);
    const name = this.#playing ? "Pause" : this.#at === null ? "Play the last 10 seconds again" : "Play from this moment on";
    play.classList.toggle("playing", this.#playing !== null);
    if (play.title !== name) {
      play.title = name;
      play.setAttribute("aria-label", `${name}, ${this.#id}`);
    }
  }

  #drawBar(now, element) {
    const canvas = this.#parts["past-line"];
    if (!this.#history || canvas.clientHeight === 0) return;
    const drawn = `${Math.floor(now / 250)} ${this.#moments.length} ${canvas.clientWidth} ${devicePixelRatio}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const style = getComputedStyle(element);
    const colour = (name) => style.getPropertyValue(name).trim();
    drawPast(canvas, { ...this.#history, endMs: now, moments: this.#moments }, {
      low: colour("--soft"), high: colour("--gone"), line: colour("--ahead"), gap: colour("--line"), mark: colour("--mark"),
    });
    const since = this.#moments[0]?.timeMs;
    const whole = since === undefined || now - since > this.#history.spanMs - 2 * NEAR;
    this.#parts["past-bar"].title = whole ? "" : `Kept since ${clock(since)}`;
    text(this.#parts["past-reach"], whole ? "5 min ago" : `kept since ${clock(since)}`);
  }

  // The clip around a moment; of now, the last seconds.
  #showClip() {
    const link = this.#parts["past-clip"];
    const stamp = this.#at === null ? "" : `-${new Date(this.#at).toISOString().replace(/[-:]|\.\d+/g, "")}`;
    const around = this.#at === null ? "" : `?from=${this.#at - AROUND}&to=${this.#at + AROUND}`;
    link.setAttribute("href", `cameras/${this.#id}/clip.mp4${around}`);
    link.setAttribute("download", `${this.#id}${stamp}.mp4`);
    link.title = this.#at === null ? "What was seen in the last 10 seconds, next to its forecast" : "5 seconds before this moment to 5 after it, next to their forecast";
  }

  async #copy() {
    const at = this.#at ?? this.#moments.at(-1)?.timeMs ?? this.#now();
    const address = new URL(location.href);
    address.hash = `${this.#id}@${new Date(at).toISOString()}`;
    const copied = await copyText(address.href);
    this.#note(copied ? "" : address.href);
    text(this.#parts["past-copy"], copied ? "Copied" : "Copy it from the line below");
    setTimeout(() => text(this.#parts["past-copy"], "Copy link"), COPIED);
  }

  async #askClips(time) {
    this.#askedClipsAt = time;
    try {
      const answer = await fetch(`cameras/${this.#id}/clips.json`);
      if (answer.ok) this.#listClips((await answer.json()).clips);
    } catch {
      // the next question may be answered
    }
  }

  #listClips(clips) {
    const drawn = clips.map((clip) => clip.link).join();
    if (drawn === this.#clips) return;
    this.#clips = drawn;
    this.#parts.kept.hidden = clips.length === 0;
    text(this.#parts["kept-words"], clips.length === 1 ? "1 clip of an unexpected moment" : `${clips.length} clips of unexpected moments`);
    this.#parts["kept-list"].replaceChildren(...clips.map((clip) => this.#clip(clip)));
  }

  #clip({ link, beginMs, begin, lengthMs, peak }) {
    const item = document.createElement("li");
    const play = document.createElement("a");
    play.href = `cameras/${this.#id}/${link}`;
    play.target = "_blank";
    play.textContent = dayAndClock(beginMs);
    play.title = "Play it in a tab of its own";
    const download = document.createElement("a");
    download.href = play.href;
    download.download = `${this.#id}-${begin.replace(/[-:]|\.\d+/g, "")}.mp4`;
    download.textContent = "download";
    download.setAttribute("aria-label", `Download the clip of ${play.textContent}`);
    item.append(play, `, ${(lengthMs / 1000).toFixed(1)} s, ${rarityWords(peak)}, `, download);
    return item;
  }

  #note(words) {
    text(this.#parts["past-note"], words);
  }
}

function text(part, words) {
  if (part.textContent !== words) part.textContent = words;
}

// Browsers give the clipboard to pages of this machine and of https only; the older way works everywhere.
async function copyText(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = words;
    field.className = "hidden";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
