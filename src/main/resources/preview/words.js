// What the page calls things: figures, ages, states. A visitor should understand it without knowing this project's terms.

// Figures by their name in index.html: what the help panel calls them, what they are and what is good.
export const FIGURES = {
  closer: {
    name: "Closer than repeating the last picture",
    text: "The simplest forecast is that nothing moves. This figure says how much smaller the model's error is than the error of that guess: 100 % is a perfect forecast, 0 % is no better than the guess, below 0 % is worse. Anything clearly above 0 % is good. Where nothing moves, the guess is hard to beat.",
  },
  unexpected: {
    name: "How unexpected",
    text: "How much the picture differed from its forecast, compared with what is usual on this camera. A bar above the line is rarer than one picture in 1,000 and counts as unexpected. Low bars mean that all is as usual.",
  },
  past: {
    name: "The last 5 minutes",
    text: "Drag the bar to look back. You see the picture of that moment, and what had been forecast for it about a second before. The line shows how wrong the forecasts were, and the bars how unexpected the pictures were; red bars count as unexpected. In a grey block the camera was not connected. Framecast keeps nothing from before it was started.",
  },
  miss: {
    name: "Expected to be off by",
    text: "How wrong the newest forecast will probably be. The model estimates it, and the page corrects it by the errors on this camera in the last minutes. 0 % is exact; 100 % means white where black will come. Smaller is better. It is larger for moments further ahead.",
  },
  picture: {
    name: "Last picture",
    text: "How long ago the newest picture was taken. Good is less than a second.",
  },
  forecast: {
    name: "Last forecast",
    text: "The newest forecast was made from pictures up to this long ago. Good is well below the length of a forecast, usually 3.2 s.",
  },
  rate: {
    name: "Pictures per second",
    text: "How many pictures of this camera Framecast uses. It should be the number that was set, usually 10.",
  },
  latency: {
    name: "Time to forecast",
    text: "The time from taking a picture to having the forecast made from it. Good is well below a second.",
  },
  model: {
    name: "Forecast by",
    text: "The model that makes the forecasts, and its version.",
  },
};

// States of a camera without new pictures, in words: while it is in one, and on its picture. Others are shown as they come.
export const STATE_WORDS = {
  connecting: ["connecting", "Connecting"],
  reconnecting: ["no connection", "No connection"],
  ended: ["ended", "Ended"],
  failed: ["failed", "Failed"],
  paused: ["paused", "Paused"],
};
// The same of cameras whose pictures come.
const TROUBLE_WORDS = {
  overloaded: ["overloaded", "Overloaded"],
  "no-forecast": ["no forecast", "No forecast"],
  "no-score": ["no score", "No score"],
};
// What to do, where the reason of a state does not say it itself.
const NEXT_STEPS = {
  reconnecting: "Framecast keeps trying. Check the camera's power and network.",
  ended: "Its source has no more pictures. To see them again, start Framecast again with this source.",
  failed: "Correct that. Framecast tries again once a minute.",
  paused: "It is not read until somebody resumes it.",
  silent: "Check the camera, and whether the Framecast process that reads it is still running.",
};

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
export const stateWords = (state) => STATE_WORDS[state] ?? TROUBLE_WORDS[state] ?? [state, capital(state)];
export const nextStep = (state) => NEXT_STEPS[state] ?? "";

export const clock = (time) => new Date(time).toLocaleTimeString([], { hour12: false });

// With its day, unless that is today.
export function dayAndClock(time) {
  const moment = new Date(time);
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday ? clock(time) : `${moment.toLocaleDateString()} ${clock(time)}`;
}

export function ageWords(ms) {
  if (ms < 60000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (ms < 3600000) return `${Math.floor(ms / 60000)} min`;
  return `${Math.floor(ms / 3600000)} h`;
}

// A moment by its distance from now in ms: to come if positive.
export const leadWords = (lead) => (lead < 0 ? `${ageWords(-lead)} ago` : `in ${ageWords(lead)}`);

export const rarityWords = (surprise) =>
  surprise >= 6
    ? "rarer than 1 picture in 1,000,000"
    : `1 picture in ${Math.round(10 ** surprise).toLocaleString("en", { maximumSignificantDigits: 2 })}`;

export const percentWords = (share) =>
  `${share < 0 ? "−" : ""}${Math.abs(share) < 0.0995 ? Math.abs(share * 100).toFixed(1) : Math.round(Math.abs(share) * 100)} %`;

// How good the forecasts are, in a sentence; skill is the share of the error of repeating the last picture that is gone.
export function verdictWords(skill, seconds) {
  const percent = Math.round(skill * 100);
  const ahead = `${seconds.toFixed(1)} s ahead`;
  if (percent > 0) return `${percent} % closer to what came than repeating the last picture, ${ahead}`;
  if (percent === 0) return `As close to what came as repeating the last picture, ${ahead}`;
  return `${-percent} % further from what came than repeating the last picture, ${ahead}`;
}

export const NO_VERDICT = "Not judged yet: no forecast has been compared with what came so far";
