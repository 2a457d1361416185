/**
 * Draws a picture anew, so that nothing but the picture is left: no place, no time, no name of a camera, and none
 * of what was hidden behind it. It is turned as the camera said. One picture at a time, as it takes memory.
 */

const MOST_PIXELS = 40_000_000;
const MOST_SECONDS = 10;

export type CleanedImage = { ok: true; content: Buffer } | { ok: false; reason: string };

let queue: Promise<unknown> = Promise.resolve();

/** @param type one of image/jpeg, image/png, image/gif, image/webp; moving pictures go on moving */
export function cleanImage(content: Buffer, type: string): Promise<CleanedImage> {
  const done = queue.then(() => draw(content, type));
  queue = done.catch(() => undefined);
  return done;
}

async function draw(content: Buffer, type: string): Promise<CleanedImage> {
  const sharp = await loadSharp();
  const format = type.slice("image/".length);
  const animated = format === "gif" || format === "webp";
  try {
    const image = sharp(content, { limitInputPixels: MOST_PIXELS, failOn: "error", animated });
    const { format: found } = await image.metadata();
    if (found !== format) return { ok: false, reason: UNREADABLE };
    const drawn = image.autoOrient().toFormat(found, found === "jpeg" || found === "webp" ? FINE : {});
    return { ok: true, content: await drawn.timeout({ seconds: MOST_SECONDS }).toBuffer() };
  } catch (error) {
    const isLarge = /pixel limit/i.test(String(error));
    return { ok: false, reason: isLarge ? TOO_MANY_PIXELS : UNREADABLE };
  }
}

const FINE = { quality: 90 };
const UNREADABLE = "The picture cannot be read.";
const TOO_MANY_PIXELS = `The picture has more than ${MOST_PIXELS / 1_000_000} megapixels.`;

/** Most programs never see a picture, and it takes memory. */
async function loadSharp() {
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}
