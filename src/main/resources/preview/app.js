// The page: cards for all cameras, kept up to date over /events.
import { Card } from "./card.js";
import { ServerClock } from "./clock.js";
import { ORDERS, sorted } from "./order.js";
import { Events } from "./wire.js";
import { FIGURES, clock } from "./words.js";

const MODES = ["side", "overlay", "difference", "surprise", "live", "model"];
const FEW = 6; // cameras that are shown with their figures; of more, a dense grid
const TILE = { least: 200, head: 56, gap: 10 }; // px: the width of one of many, and what it has besides its pictures
const WIDE_STRIP = 16; // frames in a row
const NARROW_STRIP = 8;

const cards = new Map();
const page = document.getElementById("cameras");
const help = document.getElementById("help");
const kept = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off: nothing is kept
  }
};
const keep = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // as above
  }
};
const keptOneOf = (key, values) => (values.includes(kept(key)) ? kept(key) : values[0]);

let mode = keptOneOf("framecast.view", MODES);
let order = keptOneOf("framecast.order", ORDERS);
let lost = false;
let lostSince = null; // by the server's clock; null if it never was heard
let answered = false;
let owed = false;
let followed = ""; // the link whose moment was shown
let hinted = kept("framecast.hint") !== null;

const server = new ServerClock();

const events = new Events(
  (sections) => {
    answered = true;
    lost = false;
    owed = true; // asks for more once this is drawn
    sections.forEach(take);
  },
  () => {
    if (!lost) lostSince = server.now();
    lost = true;
    showSummary();
  },
);

function take({ kind, head, body }) {
  if (kind === "cameras") return takeCameras(head);
  const card = cards.get(head.camera);
  if (kind === "frame") card?.showFrame({ head, body });
  if (kind === "picture") card?.showPicture({ head, body });
  if (kind === "forecast") card?.showForecast({ head, body });
  if (kind === "timeline") card?.showTimeline({ head, body });
}

function takeCameras({ cameras, nowMs }) {
  server.hear(nowMs);
  const ids = cameras.map((camera) => camera.id);
  for (const [id, card] of cards) {
    if (!ids.includes(id)) {
      card.element.remove();
      cards.delete(id);
    }
  }
  for (const camera of cameras) {
    if (!cards.has(camera.id)) {
      const card = new Card(camera.id, () => server.now(), toggleFocus);
      cards.set(camera.id, card);
      page.append(card.element);
      showFocus();
    }
    cards.get(camera.id).update(camera);
  }
  page.dataset.count = cameras.length;
  page.dataset.density = cameras.length === 1 ? "one" : cameras.length <= FEW ? "few" : "many";
  sort();
  fit();
  showSummary();
}

// As many columns as let all cameras fit the window, if their pictures are not too small then.
function fit() {
  if (cards.size <= FEW) return;
  const width = page.clientWidth;
  const height = innerHeight - page.offsetTop;
  const panes = ["side", "model"].includes(mode) ? 2 : 1;
  const aspect = Math.min(...[...cards.values()].map((card) => card.aspect)); // the highest picture's
  const most = Math.max(2, Math.floor(width / TILE.least));
  let columns = 2;
  const tall = () => Math.ceil(cards.size / columns) * (width / columns / panes / aspect + TILE.head + TILE.gap);
  while (columns < most && tall() > height) columns++;
  if (tall() > height) columns = Math.max(2, Math.round(width / TILE.least / Math.sqrt(panes)));
  page.style.setProperty("--tiles", columns);
}

// Moves cards only where their order changed, and leaves the focus where it is.
function sort() {
  const wanted = sorted(cards.values(), order).map((card) => card.element);
  if (wanted.every((element, place) => page.children[place] === element)) return;
  const active = document.activeElement;
  page.append(...wanted);
  active?.focus({ preventScroll: true });
}

function showSummary() {
  const live = [...cards.values()].filter((card) => card.isLive).length;
  const noun = cards.size === 1 ? "camera" : "cameras";
  say("summary", lost ? "Not connected" : answered ? `${cards.size} ${noun}, ${live} live` : "Connecting…");
  document.getElementById("empty").hidden = !answered || cards.size > 0;
  document.getElementById("sorting").hidden = cards.size < 2;
  document.getElementById("hint").hidden = cards.size === 0 || mode !== "side" || hinted;
  say("hint-how", cards.size <= FEW ? "drag the slider to choose how far ahead." : "open a camera to choose how far ahead.");
  const since = lostSince === null ? "" : ` since ${clock(lostSince)}. What you see is old`;
  document.getElementById("lost").hidden = !lost;
  if (lost) say("lost", `No connection to Framecast${since}; trying again. If this message stays, check whether Framecast still runs, then reload this page.`);
  showTrouble();
}

// Of many cameras, those in trouble may be far down the page.
function showTrouble() {
  const troubled = sorted(cards.values(), "trouble").filter((card) => !["live", "ended", "paused", "connecting"].includes(card.condition));
  document.getElementById("trouble").hidden = lost || cards.size <= FEW || troubled.length === 0 || focused() !== "";
  document.getElementById("trouble-first").hidden = order === "trouble";
  if (troubled.length === 0) return;
  const most = troubled[0];
  const others = troubled.length === 1 ? "" : ` and ${troubled.length - 1} more`;
  say("trouble-words", `${troubled.length} of ${cards.size} cameras ${troubled.length === 1 ? "needs" : "need"} attention: ${most.id} (${most.conditionWords.replace(/ for .*/, "")})${others}`);
}

function say(id, words) {
  const part = document.getElementById(id);
  if (part.textContent !== words) part.textContent = words;
}

function choose(wanted) {
  mode = wanted;
  keep("framecast.view", mode);
  document.documentElement.dataset.mode = mode;
  document.querySelector(`input[name=mode][value=${mode}]`).checked = true;
  fit();
}

function chooseOrder(wanted) {
  order = wanted;
  keep("framecast.order", order);
  document.getElementById("order").value = order;
  sort();
  showSummary();
}

// One camera in full: its name is in the address, so that it can be linked and Back leaves it.
function toggleFocus(id) {
  cards.get(id)?.showNow();
  if (focused() === id) history.pushState(null, "", location.pathname);
  else history.pushState(null, "", `#${id}`);
  showFocus();
  scrollTo(0, 0);
}

// Anything may be typed after the #: what is no camera's name shows them all. After an @ comes a moment.
function typed() {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const focused = () => typed().split("@")[0];

function showFocus() {
  const known = cards.has(focused());
  document.documentElement.classList.toggle("focused", known);
  for (const [id, card] of cards) card.expand(known && id === focused());
  if (known && followed !== location.hash) {
    followed = location.hash;
    const moment = typed().split("@")[1];
    if (moment !== undefined) cards.get(focused()).follow(Date.parse(moment));
  }
}

function draw(time) {
  requestAnimationFrame(draw); // first, so that the page goes on whatever happens to one picture
  const wide = matchMedia("(min-width: 75rem)").matches;
  const shown = focused();
  for (const [id, card] of cards) {
    const full = cards.size === 1 || id === shown;
    const columns = full && wide ? WIDE_STRIP : NARROW_STRIP;
    card.draw({ time, now: server.now(), mode, full, columns, lost });
  }
  if (owed) {
    owed = false;
    events.ask();
  }
}

function showHelp() {
  const figures = Object.values(FIGURES).map(({ name, text }) => {
    const figure = document.createElement("div");
    figure.append(document.createElement("dt"), document.createElement("dd"));
    figure.firstChild.textContent = name;
    figure.lastChild.textContent = text;
    return figure;
  });
  document.getElementById("help-figures").replaceChildren(...figures);
  help.showModal();
}

async function toggleFullScreen() {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch {
    // a page that shows this one in a frame may forbid it
  }
}

function hideToken() {
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token"); // a cookie takes its place from now on
    history.replaceState(null, "", address);
  }
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open || event.target.id === "order") return;
  if (event.key >= "1" && event.key <= String(MODES.length)) choose(MODES[event.key - 1]);
  if (event.key === "?") showHelp();
  if (event.key === "f") toggleFullScreen();
  const full = cards.get(cards.size === 1 ? cards.keys().next().value : focused());
  if (event.key === "Escape" && full && !full.isLiveView) full.showNow();
  else if (event.key === "Escape" && focused()) toggleFocus(focused());
  const isFree = !["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
  if (isFree && event.key === "ArrowLeft") full?.step(-1);
  if (isFree && event.key === "ArrowRight") full?.step(1);
}

document.addEventListener("keydown", press);
document.querySelectorAll("input[name=mode]").forEach((input) => {
  input.addEventListener("change", () => choose(input.value));
});
document.getElementById("order").addEventListener("change", (event) => chooseOrder(event.target.value));
document.getElementById("trouble-first").addEventListener("click", () => chooseOrder("trouble"));
document.getElementById("full-screen").addEventListener("click", toggleFullScreen);
document.getElementById("open-help").addEventListener("click", showHelp);
document.getElementById("hint-help").addEventListener("click", showHelp);
document.getElementById("hint-done").addEventListener("click", () => {
  hinted = true;
  keep("framecast.hint", "read");
  showSummary();
});
addEventListener("popstate", showFocus);
addEventListener("resize", fit);
setInterval(() => {
  const now = server.now();
  if (now !== null) for (const card of cards.values()) card.showAges(now);
  showSummary();
}, 250);

hideToken();
choose(mode);
chooseOrder(order);
requestAnimationFrame(draw);
