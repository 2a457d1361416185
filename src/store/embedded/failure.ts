export type EmbeddedFailureCode =
  | "no_binaries"
  | "no_account"
  | "unreachable_folder"
  | "unusable_folder"
  | "in_use"
  | "wrong_version"
  | "start_failed"
  | "stopped";

/** Why the embedded database is not there. `message` is one line, safe to show to the person at the terminal. */
export class EmbeddedPostgresFailure extends Error {
  readonly code: EmbeddedFailureCode;

  constructor(code: EmbeddedFailureCode, message: string) {
    super(message.replace(/\s+/g, " ").trim());
    this.name = "EmbeddedPostgresFailure";
    this.code = code;
  }
}

/** The text of anything thrown, for one-line messages. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system or PostgreSQL error ("ENOENT", "57P03"), or "". */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}
