// The page: cards for all cameras, kept up to date over /events.
import { Card, clock } from "./card.js";
import { ServerClock } from "./clock.js";
import { Events } from "./wire.js";

const MODES = ["overlay", "side", "difference", "surprise", "live"];
const cards = new Map();
const page = document.getElementById("cameras");
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

let mode = MODES.includes(kept("framecast.mode")) ? kept("framecast.mode") : "overlay";
let lost = false;
let lostSince = null; // by the server's clock; null if it never was heard
let answered = false;
let owed = false;

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
  cameras.forEach((camera, place) => {
    if (!cards.has(camera.id)) {
      const card = new Card(camera.id, () => server.now(), toggleFocus);
      cards.set(camera.id, card);
      page.insertBefore(card.element, page.children[place] ?? null);
      showFocus();
    }
    cards.get(camera.id).update(camera);
  });
  page.dataset.count = cameras.length;
  showSummary();
}

function showSummary() {
  const live = [...cards.values()].filter((card) => card.isLive).length;
  const noun = cards.size === 1 ? "camera" : "cameras";
  const words = lost ? "Not connected" : answered ? `${cards.size} ${noun}, ${live} live` : "Connecting…";
  const summary = document.getElementById("summary");
  if (summary.textContent !== words) summary.textContent = words;
  document.getElementById("empty").hidden = !answered || cards.size > 0;
  const notice = document.getElementById("lost");
  notice.hidden = !lost;
  const since = lostSince === null ? "" : ` since ${clock(lostSince)}. What you see is old`;
  const text = `No connection to Framecast${since}; trying again.`;
  if (lost && notice.textContent !== text) notice.textContent = text;
}

function choose(wanted) {
  mode = wanted;
  keep("framecast.mode", mode);
  document.documentElement.dataset.mode = mode;
  document.querySelector(`input[name=mode][value=${mode}]`).checked = true;
}

// One camera in full: its name stands in the address, so that it can be linked and Back leaves it.
function toggleFocus(id) {
  if (focused() === id) history.pushState(null, "", location.pathname);
  else history.pushState(null, "", `#${id}`);
  showFocus();
}

// Anything may be typed after the #: what is no camera's name shows them all.
function focused() {
  const typed = location.hash.slice(1);
  try {
    return decodeURIComponent(typed);
  } catch {
    return typed;
  }
}

function showFocus() {
  const known = cards.has(focused());
  document.documentElement.classList.toggle("focused", known);
  for (const [id, card] of cards) card.expand(known && id === focused());
}

function draw(time) {
  requestAnimationFrame(draw); // first, so that the page goes on whatever happens to one picture
  const wide = matchMedia("(min-width: 60rem)").matches;
  const shown = focused();
  for (const [id, card] of cards) {
    const full = cards.size === 1 || id === shown;
    card.draw({ time, now: server.now(), mode, columns: wide && full && mode !== "side" ? 8 : 16, lost });
  }
  if (owed) {
    owed = false;
    events.ask();
  }
}

function hideToken() {
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token"); // a cookie stands in for it from now on
    history.replaceState(null, "", address);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key >= "1" && event.key <= String(MODES.length)) choose(MODES[event.key - 1]);
  if (event.key === "Escape" && focused()) toggleFocus(focused());
});
document.querySelectorAll("input[name=mode]").forEach((input) => {
  input.addEventListener("change", () => choose(input.value));
});
addEventListener("popstate", showFocus);
setInterval(() => {
  const now = server.now();
  if (now !== null) for (const card of cards.values()) card.showAges(now);
  showSummary();
}, 250);

hideToken();
choose(mode);
requestAnimationFrame(draw);
