import { describe, expect, test } from "vitest";
import { fileType } from "../../src/tools/file-type.ts";

/** What a file is by what it holds: whatever it is called. */

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("known by their marks", () => {
  test.each([
    ["image/jpeg", bytes("\xff\xd8\xff\xe0")],
    ["image/png", bytes("\x89PNG\r\n\x1a\n")],
    ["image/gif", bytes("GIF89a...")],
    ["image/webp", bytes("RIFF\x10\0\0\0WEBPVP8 ")],
    ["audio/mpeg", bytes("ID3\x04")],
    ["audio/mpeg", bytes("\xff\xfb\x90\x64")],
    ["audio/mp4", bytes("\0\0\0\x1cftypM4A \0")],
    ["audio/ogg", bytes("OggS\0")],
    ["audio/amr", bytes("#!AMR\n\x3c")],
    ["video/mp4", bytes("\0\0\0\x18ftypisom")],
    ["video/3gpp", bytes("\0\0\0\x18ftyp3gp4")],
    ["application/pdf", bytes("%PDF-1.4")],
    ["text/vcard", bytes("\r\nBEGIN:VCARD\r\nEND:VCARD")],
  ])("%s", (type, content) => {
    expect(fileType(content, "text/html")).toBe(type);
  });
});

describe("no file we keep", () => {
  test.each([
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["SVG behind a declaration", '<?xml version="1.0"?>\n<svg/>'],
    ["SVG behind a mark and blanks", "\u{feff}  \n<svg/>"],
    ["HTML", "<!DOCTYPE html><p>hi"],
    ["HTML behind words", "hello <SCRIPT>alert(1)</SCRIPT>"],
    ["PHP", "<?php echo 1;"],
    ["a shell script", "#!/bin/sh\necho"],
    ["HEIC", "\0\0\0\x18ftypheic"],
    ["QuickTime", "\0\0\0\x14ftypqt  "],
    ["a program", "\x7fELF\x02\x01"],
    ["a Windows program", "MZ\x90\0"],
    ["an archive", "PK\x03\x04"],
    ["PDF behind something else", "x%PDF-1.4\0"],
    ["bytes that are no text", "\xff\xfe\0h\0i"],
    ["text with a NUL", "a\0b"],
    ["nothing", ""],
    ["blanks", "  \n"],
  ])("%s", (_what, text) => {
    for (const said of ["image/jpeg", "text/plain", null]) {
      expect(fileType(bytes(text), said)).toBeNull();
      expect(fileType(Buffer.from(text), said)).toBeNull();
    }
  });
});

test("text is text only when nobody says that it is something else", () => {
  const content = Buffer.from("alert(1) // grüß");
  for (const said of ["text/plain", "application/octet-stream", null]) {
    expect(fileType(content, said)).toBe("text/plain");
  }
  for (const said of ["application/javascript", "text/html", "text/css", "application/smil", "image/jpeg"]) {
    expect(fileType(content, said)).toBeNull();
  }
});
