let nonces = 0;

/** One that was never given out, of the shape of `like`, whose end is a number. */
export function freshNonce(like: string): string {
  nonces += 1;
  return `${like.slice(0, -6)}${String(nonces).padStart(6, "0")}`;
}
