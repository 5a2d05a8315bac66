// Puts a live picture and a forecast together, pixel by pixel. Overlay.java does the same for streams and windows.

const NOISE = 8;
const STRONG = 96;
const BRIGHTER = [0xff, 0xb0, 0x00];
const DARKER = [0x3d, 0x9b, 0xff];
const WEIGHT = 0.5;

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
    const strength = Math.max(0, Math.min(1, (strongest - NOISE) / (STRONG - NOISE)));
    const now = luma(a, i);
    const colour = luma(b, i) >= now ? BRIGHTER : DARKER;
    for (let c = 0; c < 3; c++) a[i + c] = now / 2 + (colour[c] - now / 2) * strength;
  }
  return live;
}

// Draws what a mode shows of a camera. With nothing to draw the canvas stays as it is.
export function drawStage(canvas, mode, frame, forecast, step) {
  if (!frame && !forecast) return;
  const shape = (frame ?? forecast).head;
  const same = frame && forecast && forecast.head.width === shape.width && forecast.head.height === shape.height;
  size(canvas, mode === "side" ? 2 * shape.width : shape.width, shape.height);
  const context = canvas.getContext("2d");
  if (mode === "side") {
    if (frame) context.putImageData(rgba(frame), 0, 0);
    if (forecast) context.putImageData(rgba(forecast, step), shape.width, 0);
  } else if (!frame) {
    context.putImageData(rgba(forecast, step), 0, 0);
  } else if (mode === "live" || !same) {
    context.putImageData(rgba(frame), 0, 0);
  } else {
    const together = mode === "difference" ? difference : blend;
    context.putImageData(together(rgba(frame), rgba(forecast, step)), 0, 0);
  }
}

export function drawStrip(canvas, forecast, columns) {
  const { width, height, steps } = forecast.head;
  size(canvas, width * columns, height * Math.ceil(steps / columns));
  const context = canvas.getContext("2d");
  for (let step = 0; step < steps; step++) {
    context.putImageData(rgba(forecast, step), (step % columns) * width, Math.floor(step / columns) * height);
  }
}

function size(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
