import type { MediaResult, WaitingMedia } from "../../store/media.ts";
import { cleanImage } from "../../tools/clean-image.ts";
import { EXTENSIONS, fileType } from "../../tools/file-type.ts";

/** Looks at what came: what it really is, and whether it is kept. Pictures are drawn anew. */
export async function judgeFile(file: WaitingMedia, content: Buffer): Promise<MediaResult> {
  const contentType = fileType(content, file.contentType);
  if (contentType === null) return { state: "refused", reason: "This kind of file is not kept." };
  const fileName = fileNameOf(file, contentType);
  if (!contentType.startsWith("image/")) return { state: "fetched", contentType, fileName, content };
  const cleaned = await cleanImage(content, contentType);
  if (!cleaned.ok) return { state: "refused", reason: cleaned.reason };
  return { state: "fetched", contentType, fileName, content: cleaned.content };
}

/** As the provider calls it, where that is a plain word; the end says what it is. */
function fileNameOf(file: WaitingMedia, contentType: string): string {
  const last = URL.parse(file.sourceUrl)?.pathname.split("/").at(-1) ?? "";
  const base = last.replace(/\.\w{1,5}$/, "");
  return `${/^[\w-]{1,60}$/.test(base) ? base : file.id}.${EXTENSIONS[contentType] ?? "bin"}`;
}
