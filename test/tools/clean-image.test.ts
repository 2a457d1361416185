import type { Sharp } from "sharp";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { cleanImage } from "../../src/tools/clean-image.ts";
import { phonePhoto } from "../support/pictures.ts";

/** Pictures drawn anew: only the picture is left. */

const SECRET = "46.5197 N 6.6323 E";

function picture(width = 60, height = 40): Sharp {
  return sharp({ create: { width, height, channels: 4, background: "#33aa55" } })
    .withExif({ IFD0: { ImageDescription: SECRET, Copyright: SECRET } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${SECRET}</x:xmpmeta>`);
}

describe.each(["jpeg", "png", "webp"] as const)("%s", (format) => {
  test("keeps its size and kind, and nothing that was written into it", async () => {
    const before = await picture().toFormat(format).toBuffer();
    expect(before.includes(SECRET)).toBe(true);
    const cleaned = await cleanImage(before, `image/${format}`);
    if (!cleaned.ok) throw new Error(cleaned.reason);
    expect(cleaned.content.includes(SECRET)).toBe(false);
    const after = await sharp(cleaned.content).metadata();
    expect(after).toMatchObject({ format, width: 60, height: 40 });
    expect([after.exif, after.xmp, after.icc]).toEqual([undefined, undefined, undefined]);
  });

  test("loses what was hung behind it", async () => {
    const hidden = Buffer.from("<script>alert(1)</script>");
    const before = Buffer.concat([await picture().toFormat(format).toBuffer(), hidden]);
    const cleaned = await cleanImage(before, `image/${format}`);
    expect(cleaned.ok && cleaned.content.includes("alert")).toBe(false);
    expect(cleaned.ok).toBe(true);
  });
});

test("a moving picture goes on moving", async () => {
  const frames = await Promise.all(
    ["red", "green", "blue"].map((background) => {
      return sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
    }),
  );
  for (const format of ["gif", "webp"] as const) {
    const before = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    const cleaned = await cleanImage(before, `image/${format}`);
    if (!cleaned.ok) throw new Error(cleaned.reason);
    expect(await sharp(cleaned.content, { animated: true }).metadata()).toMatchObject({ format, pages: 3 });
  }
});

test("one that is called otherwise, cut short or garbage is refused, and the next one is not", async () => {
  const photo = await phonePhoto();
  const refused = { ok: false, reason: "The picture cannot be read." };
  const all = await Promise.all([
    cleanImage(photo, "image/png"),
    cleanImage(photo.subarray(0, photo.length / 2), "image/jpeg"),
    cleanImage(Buffer.concat([photo.subarray(0, 3), Buffer.alloc(500, 7)]), "image/jpeg"),
    cleanImage(photo, "image/jpeg"),
  ]);
  expect(all.map(({ ok }) => ok)).toEqual([false, false, false, true]);
  expect(all.slice(0, 3)).toEqual([refused, refused, refused]);
});
