// Puts a live picture and a forecast together, pixel by pixel. Overlay.java does the same for streams and windows.

const NOISE = 8;
const STRONG = 96;
const HOT = [0xff, 0x3b, 0x4e];
const BRIGHTER = [0xff, 0xb0, 0x00];
const DARKER = [0x3d, 0x9b, 0xff];
const WEIGHT = 0.5;
const TALLEST = 6; // surprise that fills the height: one in a million
const LEAST_ERROR = 0.05; // that fills the height: a camera where nothing moves must not look restless
const STEADY = 5000; // ms over which skill is averaged

const layer = document.createElement("canvas");
const strengthOf = (level) => Math.max(0, Math.min(1, (level - NOISE) / (STRONG - NOISE)));
const luma = (p, i) => 0.299 * p[i] + 0.587 * p[i + 1] + 0.114 * p[i + 2];

// RGBA of a picture in a body of pixels, H x W x C.
export function rgba(picture, step = 0) {
  const { width, height, channels } = picture.head;
  const image = new ImageData(width, height);
  const first = step * width * height * channels;
  const second = channels < 3 ? 0 : 1;
  for (let place = 0, from = first; place < width * height; place++, from += channels) {
    image.data[4 * place] = picture.body[from];
    image.data[4 * place + 1] = picture.body[from + second];
    image.data[4 * place + 2] = picture.body[from + 2 * second];
    image.data[4 * place + 3] = 255;
  }
  return image;
}

export function blend(live, ahead) {
  for (let i = 0; i < live.data.length; i++) live.data[i] += (ahead.data[i] - live.data[i]) * WEIGHT;
  return live;
}

export function difference(live, ahead) {
  const a = live.data;
  const b = ahead.data;
  for (let i = 0; i < a.length; i += 4) {
    const strongest = Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2]));
    const strength = strengthOf(strongest);
    const now = luma(a, i);
    const colour = luma(b, i) >= now ? BRIGHTER : DARKER;
    for (let c = 0; c < 3; c++) a[i + c] = now / 2 + (colour[c] - now / 2) * strength;
  }
  return live;
}

// The colours of the changes alone, the stronger the less transparent.
export function changesOf(live, ahead) {
  const a = live.data;
  const b = ahead.data;
  for (let i = 0; i < a.length; i += 4) {
    const strongest = Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2]));
    const colour = luma(b, i) >= luma(a, i) ? BRIGHTER : DARKER;
    for (let c = 0; c < 3; c++) a[i + c] = colour[c];
    a[i + 3] = 255 * strengthOf(strongest);
  }
  return live;
}

// The red of an error map alone.
function heatOf({ rows, columns, levels }) {
  const image = new ImageData(columns, rows);
  for (let cell = 0; cell < rows * columns; cell++) {
    for (let c = 0; c < 3; c++) image.data[4 * cell + c] = HOT[c];
    image.data[4 * cell + 3] = 255 * strengthOf(levels[cell]);
  }
  return image;
}

// A forecast whose moment has passed: grey, dim and flat.
export function faded(image) {
  const p = image.data;
  for (let i = 0; i < p.length; i += 4) p[i] = p[i + 1] = p[i + 2] = 40 + luma(p, i) * 0.4;
  return image;
}

// The live picture in grey, with what was unlike the forecast on it: an error map, rows x columns cells of 0 to 255.
export function heat(live, map) {
  const p = live.data;
  for (let i = 0, place = 0; i < p.length; i += 4, place++) {
    const row = Math.floor(((place / live.width) * map.rows) / live.height);
    const column = Math.floor(((place % live.width) * map.columns) / live.width);
    const strength = strengthOf(map.levels[Math.floor(row) * map.columns + column]);
    const now = luma(p, i);
    for (let c = 0; c < 3; c++) p[i + c] = now / 2 + (HOT[c] - now / 2) * strength;
  }
  return live;
}

// Draws what a mode shows of now. With nothing to draw the canvas stays as it is.
export function drawNow(canvas, mode, shown) {
  if (shown.picture) drawOnPicture(canvas, mode, shown);
  else drawOnFrame(canvas, mode, shown);
}

// The camera's own picture, with what is known of the small frames laid over it.
function drawOnPicture(canvas, mode, { picture, frame, forecast, step, over, map }) {
  size(canvas, picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const same = frame && forecast && forecast.head.width === frame.head.width && forecast.head.height === frame.head.height;
  if (mode === "overlay" && forecast) {
    context.globalAlpha = WEIGHT;
    lay(context, over ? faded(rgba(forecast, step)) : rgba(forecast, step));
    context.globalAlpha = 1;
  } else if (mode === "difference" && same) {
    dim(context);
    const changes = changesOf(rgba(frame), rgba(forecast, step));
    lay(context, over ? faded(changes) : changes);
  } else if (mode === "surprise" && map?.rows) {
    dim(context);
    lay(context, heatOf(map));
  }
}

// Grey at half the brightness.
function dim(context) {
  const { width, height } = context.canvas;
  context.globalCompositeOperation = "saturation";
  context.fillStyle = "#808080";
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = "multiply";
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = "source-over";
}

// Stretches a small image over all of a canvas, smoothly.
function lay(context, image) {
  size(layer, image.width, image.height);
  layer.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(layer, 0, 0, context.canvas.width, context.canvas.height);
}

function drawOnFrame(canvas, mode, { frame, forecast, step, over, map }) {
  if (!frame && !forecast) return;
  const shape = (frame ?? forecast).head;
  const same = frame && forecast && forecast.head.width === shape.width && forecast.head.height === shape.height;
  const ahead = () => (over ? faded(rgba(forecast, step)) : rgba(forecast, step));
  size(canvas, shape.width, shape.height);
  const context = canvas.getContext("2d");
  if (!frame) {
    if (mode !== "side" && mode !== "model") context.putImageData(ahead(), 0, 0);
  } else if (mode === "surprise" && map?.rows) {
    context.putImageData(heat(rgba(frame), map), 0, 0);
  } else if (!same || !["overlay", "difference"].includes(mode)) {
    context.putImageData(rgba(frame), 0, 0);
  } else if (mode === "difference") {
    const changes = difference(rgba(frame), rgba(forecast, step));
    context.putImageData(over ? faded(changes) : changes, 0, 0);
  } else {
    context.putImageData(blend(rgba(frame), ahead()), 0, 0);
  }
}

// Draws what is expected.
export function drawNext(canvas, { forecast, step, over, past }) {
  if (!forecast && past) canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  if (!forecast) return;
  const ahead = rgba(forecast, step);
  size(canvas, ahead.width, ahead.height);
  canvas.getContext("2d").putImageData(over ? faded(ahead) : ahead, 0, 0);
}

// Draws every stride-th frame of a forecast in rows, those before a number as over.
export function drawStrip(canvas, forecast, grid, over) {
  const { width, height, steps } = forecast.head;
  const cells = Math.ceil(steps / grid.stride);
  size(canvas, width * Math.min(grid.columns, cells), height * Math.ceil(cells / grid.columns));
  drawCells(canvas, forecast, grid, over, steps, (image) => image);
  fadeCells(canvas, forecast, grid, 0, over);
}

// Draws more of them as over.
export function fadeCells(canvas, forecast, grid, from, to) {
  drawCells(canvas, forecast, grid, from, to, faded);
}

function drawCells(canvas, forecast, { columns, stride }, from, to, how) {
  const { width, height } = forecast.head;
  const context = canvas.getContext("2d");
  for (let step = from; step < to; step++) {
    if ((step + 1) % stride !== 0) continue;
    const cell = (step + 1) / stride - 1;
    context.putImageData(how(rgba(forecast, step)), (cell % columns) * width, Math.floor(cell / columns) * height);
  }
}

// Bars of surprise over the last minutes, the threshold a line; what stood out is marked.
export function drawSurprise(canvas, timeline, colours) {
  const { context, width, height, x } = prepare(canvas, timeline);
  const y = (surprise) => height - (Math.min(surprise, TALLEST) / TALLEST) * height;
  context.fillStyle = colours.mark;
  for (const { beginMs, endMs } of timeline.stretches) {
    context.fillRect(x(beginMs), 0, Math.max(2, x(endMs + timeline.slotMs) - x(beginMs)), height);
  }
  const bar = Math.max(1, (timeline.slotMs / timeline.spanMs) * width - 0.5);
  for (const [start, surprise] of timeline.slots) {
    if (surprise === null) continue;
    context.fillStyle = surprise >= timeline.threshold ? colours.high : colours.low;
    context.fillRect(x(start), y(surprise), bar, height - y(surprise));
  }
  context.fillStyle = colours.line;
  context.fillRect(0, Math.round(y(timeline.threshold)), width, 1);
}

// The past of a camera: bars of surprise, a line of the error, and gaps where nothing was seen.
export function drawPast(canvas, past, colours) {
  const { context, width, height, x } = prepare(canvas, past);
  const { moments, threshold } = past;
  const bar = Math.max(1, devicePixelRatio);
  moments.forEach(({ timeMs, first, surprise }, place) => {
    const before = moments[place - 1];
    if (first && before) {
      context.fillStyle = colours.gap;
      context.fillRect(x(before.timeMs), 0, Math.max(2, x(timeMs) - x(before.timeMs)), height);
    }
    if (surprise === undefined) return;
    const tall = (Math.min(surprise, TALLEST) / TALLEST) * height;
    if (surprise >= threshold) {
      context.fillStyle = colours.mark;
      context.fillRect(x(timeMs) - bar, 0, 3 * bar, height);
    }
    context.fillStyle = surprise >= threshold ? colours.high : colours.low;
    context.globalAlpha = surprise >= threshold ? 1 : 0.5;
    context.fillRect(x(timeMs), height - tall, bar, tall);
    context.globalAlpha = 1;
  });
  const most = Math.max(LEAST_ERROR, ...moments.map(({ error }) => error ?? 0)) * 1.15;
  context.strokeStyle = colours.line;
  context.lineWidth = 1.5 * devicePixelRatio;
  context.beginPath();
  let joined = false;
  for (const { timeMs, first, error } of moments) {
    const y = height - (error / most) * height;
    if (error !== undefined && joined && !first) context.lineTo(x(timeMs), y);
    else if (error !== undefined) context.moveTo(x(timeMs), y);
    joined = error !== undefined;
  }
  context.stroke();
}

// Skill over the last minutes, a point for five seconds; the line is that of repeating the last picture.
export function drawSkill(canvas, timeline, colours) {
  const { context, width, height, x } = prepare(canvas, timeline);
  const y = (skill) => ((1 - Math.max(-0.5, skill)) / 1.5) * (height - 2) + 1;
  context.fillStyle = colours.line;
  context.fillRect(0, Math.round(y(0)), width, 1);
  const means = new Map();
  for (const [start, , skill] of timeline.slots) {
    if (skill === null) continue;
    const at = Math.floor(start / STEADY);
    const mean = means.get(at) ?? { sum: 0, count: 0 };
    means.set(at, { sum: mean.sum + Math.max(-0.5, skill), count: mean.count + 1 });
  }
  context.strokeStyle = colours.high;
  context.lineWidth = Math.max(1.5, devicePixelRatio * 1.5);
  context.beginPath();
  let before = null;
  for (const [at, { sum, count }] of [...means].sort(([a], [b]) => a - b)) {
    if (at - 1 !== before) context.moveTo(x(at * STEADY), y(sum / count));
    context.lineTo(x((at + 1) * STEADY), y(sum / count));
    before = at;
  }
  context.stroke();
}

function prepare(canvas, { endMs, spanMs }) {
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  size(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  return { context, width, height, x: (time) => width - ((endMs - time) / spanMs) * width };
}

// A small picture of an error map.
export function drawMap(canvas, { rows, columns, levels }) {
  size(canvas, columns, rows);
  const image = new ImageData(columns, rows);
  levels.forEach((level, cell) => {
    const strength = strengthOf(level);
    for (let c = 0; c < 3; c++) image.data[4 * cell + c] = 24 + (HOT[c] - 24) * strength;
    image.data[4 * cell + 3] = 255;
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function size(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
