// Which frame of a forecast is for which moment, counted from now in ms. PreviewPicture.java shows streams so.

// How far ahead of now a frame is; negative when its moment has passed.
export const leadOf = ({ timeMs, intervalMs }, step, now) => timeMs + (step + 1) * intervalMs - now;

// The frame nearest to that far ahead of now; the first or the last where there is none.
export function stepAt({ timeMs, intervalMs, steps }, lead, now) {
  const step = Math.round((now + lead - timeMs) / intervalMs) - 1;
  return Math.max(0, Math.min(steps - 1, step));
}

// How many frames are over: those from the first on whose moment has passed.
export function overCount({ timeMs, intervalMs, steps }, now) {
  return Math.max(0, Math.min(steps, Math.ceil((now - timeMs) / intervalMs) - 1));
}
