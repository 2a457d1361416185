import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  scryptSync,
} from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Encrypts small texts, such as provider credentials, with one key. */
export interface SecretBox {
  /** Names the key without telling anything about it. */
  readonly keyId: string;
  /** @param associated what the secret belongs to, such as a channel id; a sealed text opens only for the same. */
  seal(plain: string, associated: string): string;
  /** @throws when the text was changed, belongs to something else, or was sealed with another key. */
  open(sealed: string, associated: string): string;
}

const VERSION = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const GENERATED = /^[\w-]{43}$/;

/**
 * AES-256-GCM with a fresh random 96-bit nonce for each text. A sealed text reads
 * `v1.<key id>.<nonce, ciphertext and tag in base64url>`.
 */
export function createSecretBox(masterKey: Buffer | string): SecretBox {
  const master = typeof masterKey === "string" ? masterKeyFrom(masterKey) : masterKey;
  if (master.length < KEY_BYTES) throw new Error(`a master key has at least ${KEY_BYTES} bytes`);
  const key = derive(master, "signalbox sealing");
  const keyId = createHash("sha256").update(derive(master, "signalbox key id")).digest("hex").slice(0, 8);
  const header = `${VERSION}.${keyId}.`;

  function seal(plain: string, associated: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    cipher.setAAD(Buffer.from(header + associated));
    const body = Buffer.concat([nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return header + body.toString("base64url");
  }

  function open(sealed: string, associated: string): string {
    const [version, sealedWith, text = ""] = sealed.split(".");
    if (version !== VERSION) throw new Error("not a sealed secret");
    if (sealedWith !== keyId) {
      throw new Error(
        `sealed with another key (${sealedWith}, this is ${keyId}); is SIGNALBOX_SECRET the same?`,
      );
    }
    const body = Buffer.from(text, "base64url");
    if (body.length < NONCE_BYTES + TAG_BYTES) throw new Error("a sealed secret is cut short");
    const decipher = createDecipheriv("aes-256-gcm", key, body.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(header + associated));
    decipher.setAuthTag(body.subarray(-TAG_BYTES));
    const inner = body.subarray(NONCE_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(inner), decipher.final()]).toString("utf8");
  }

  return { keyId, seal, open };
}

/** What is stored of an API key. The key holds over 200 random bits, so a plain hash is enough. */
export function hashKey(apiKey: string): Buffer {
  return createHash("sha256").update(apiKey).digest();
}

/** What is stored of a reporter's PIN. Short, so it is worth nothing without the program's key. */
export function hashPin(key: Buffer | string, reporterId: string, pin: string): string {
  const master = typeof key === "string" ? masterKeyFrom(key) : key;
  return createHmac("sha256", derive(master, "signalbox pin"))
    .update(`${reporterId}\0${pin}`)
    .digest("base64url");
}

/** What cookies of the portal are signed with, and second factors encrypted. */
export function sessionSecret(key: Buffer): string {
  return derive(key, "signalbox sessions").toString("base64url");
}

/**
 * The program's key: from SIGNALBOX_SECRET when given, else generated once into `DATA_DIR/secret` (0600). The
 * file's text may be given as SIGNALBOX_SECRET later, and means the same key.
 */
export function loadOrCreateMasterKey(dataDir: string, given: string | null = null): Buffer {
  if (given !== null) return masterKeyFrom(given);
  const path = join(dataDir, "secret");
  const text = readIfThere(path) ?? create(path);
  if (text === "") throw new Error(`${path} is empty; put back the file this DATA_DIR was used with`);
  return masterKeyFrom(text);
}

/** A generated secret is the key itself; one a person chose is stretched first (about 50 ms). */
function masterKeyFrom(text: string): Buffer {
  if (GENERATED.test(text)) return Buffer.from(text, "base64url");
  return scryptSync(text, "signalbox master key", KEY_BYTES);
}

function derive(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", master, "", purpose, KEY_BYTES));
}

/** Written beside and linked, so that it is never half there and the first of two programs wins. */
function create(path: string): string {
  mkdirSync(join(path, ".."), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  const file = openSync(draft, "wx", 0o600);
  writeFileSync(file, `${randomBytes(KEY_BYTES).toString("base64url")}\n`);
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, "utf8").trim();
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
