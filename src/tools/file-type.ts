import { isUtf8 } from "node:buffer";

/**
 * What a file is by what it holds, among the kinds phones send and a browser cannot be tricked with; null = anything
 * else: SVG, HTML and scripts above all. Text has no mark of its own, so there what the sender said must fit too.
 */
export function fileType(content: Buffer, said: string | null): string | null {
  const byMark = MARKS.find(({ mark, at = 0 }) => content.subarray(at, at + mark.length).equals(mark));
  if (byMark) return byMark.type;
  if (latin(content, 0, 4) === "RIFF" && latin(content, 8, 12) === "WEBP") return "image/webp";
  if (latin(content, 4, 8) === "ftyp") return BRANDS.get(latin(content, 8, 12)) ?? null;
  if (isMp3Frame(content)) return "audio/mpeg";
  return textType(content, said);
}

/** How files of these kinds are called. */
export const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/ogg": "ogg",
  "audio/amr": "amr",
  "audio/amr-wb": "awb",
  "video/mp4": "mp4",
  "video/3gpp": "3gp",
  "application/pdf": "pdf",
  "text/vcard": "vcf",
  "text/plain": "txt",
};

interface Mark {
  mark: Buffer;
  at?: number;
  type: string;
}

const MARKS: Mark[] = [
  { mark: Buffer.from([0xff, 0xd8, 0xff]), type: "image/jpeg" },
  { mark: Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), type: "image/png" },
  { mark: Buffer.from("GIF87a"), type: "image/gif" },
  { mark: Buffer.from("GIF89a"), type: "image/gif" },
  { mark: Buffer.from("ID3"), type: "audio/mpeg" },
  { mark: Buffer.from("OggS"), type: "audio/ogg" },
  { mark: Buffer.from("#!AMR\n"), type: "audio/amr" },
  { mark: Buffer.from("#!AMR-WB\n"), type: "audio/amr-wb" },
  { mark: Buffer.from("%PDF-"), type: "application/pdf" },
];

/** Major brands of the MPEG-4 family. Pictures have some too (HEIC, AVIF), which are not among these. */
const BRANDS = new Map<string, string>([
  ["M4A ", "audio/mp4"],
  ["M4B ", "audio/mp4"],
  ...["isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV"].map(
    (brand): [string, string] => [brand, "video/mp4"],
  ),
  ...["3gp4", "3gp5", "3gp6", "3gp7", "3gr6", "3gs7", "3ge6", "3ge7", "3gg6", "3g2a", "3g2b", "3g2c"].map(
    (brand): [string, string] => [brand, "video/3gpp"],
  ),
]);

function latin(content: Buffer, from: number, to: number): string {
  return content.toString("latin1", from, to);
}

/** An MPEG audio frame of layer 3, without a tag in front: sync, then values that are not reserved. */
function isMp3Frame(content: Buffer): boolean {
  const [first = 0, second = 0, third = 0] = content;
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08;
  const bitrate = third >> 4;
  return isLayer3 && bitrate !== 0 && bitrate !== 15 && (third & 0x0c) !== 0x0c;
}

const VCARD_NAMES = ["text/vcard", "text/x-vcard", "text/directory"];
const PLAIN_NAMES = ["text/plain", "application/octet-stream", ...VCARD_NAMES];
/** Tags with which a browser, or a server, would begin to do something. */
const MARKUP = /<[!?/]|<(html|head|body|svg|script|style|iframe|object|embed|img|a|form|meta|link|smil)\b/i;
const CONTROLS = /[^\P{Cc}\n\r\t]/u;

function textType(content: Buffer, said: string | null): string | null {
  if (!isUtf8(content)) return null;
  const text = content.toString("utf8").replace(/^\ufeff/, "");
  if (CONTROLS.test(text) || text.trim() === "") return null;
  if (/^\s*BEGIN:VCARD\r?\n/i.test(text)) return "text/vcard";
  if (MARKUP.test(text) || text.startsWith("#!")) return null;
  return said === null || PLAIN_NAMES.includes(said) ? "text/plain" : null;
}
