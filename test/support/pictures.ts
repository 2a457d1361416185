import sharp from "sharp";

/** A photo as a phone takes it: lying on its side, with the place where it was taken. */
export async function phonePhoto(): Promise<Buffer> {
  const gps = {
    GPSLatitudeRef: "N",
    GPSLatitude: "51/1 30/1 0/1",
    GPSLongitudeRef: "E",
    GPSLongitude: "7/1 0/1 0/1",
  };
  return sharp({ create: { width: 40, height: 30, channels: 3, background: "#3377cc" } })
    .withExif({ IFD0: { Make: "Phone" }, IFD3: gps })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

/** Small as a file, large as a picture. */
export function hugePicture(): Promise<Buffer> {
  return sharp({ create: { width: 8_000, height: 6_000, channels: 3, background: "black" } })
    .png()
    .toBuffer();
}
