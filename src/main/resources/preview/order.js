// In which order cameras are listed. Names count numbers in them as numbers: cam-2 comes before cam-10.

export const ORDERS = ["name", "surprise", "trouble"];

// From the worst on.
const TROUBLE = ["failed", "reconnecting", "silent", "late", "no-forecast", "overloaded", "connecting", "no-score", "other", "ended", "paused", "live"];

const byName = (a, b) => a.id.localeCompare(b.id, "en", { numeric: true });

const COMPARE = {
  name: byName,
  surprise: (a, b) => b.unexpected - a.unexpected || byName(a, b),
  trouble: (a, b) => TROUBLE.indexOf(a.condition) - TROUBLE.indexOf(b.condition) || byName(a, b),
};

// The cards in an order; each has an id, how unexpected its last minute was, and its condition.
export const sorted = (cards, order) => [...cards].sort(COMPARE[order]);
