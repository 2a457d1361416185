/** Codes of the API's errors, with their HTTP status. */
export const ERROR_STATUS = {
  validation_error: 400,
  missing_fields: 400,
  unauthorized: 401,
  invalid_api_key: 401,
  invalid_signature: 401,
  forbidden: 403,
  tenant_inactive: 403,
  not_found: 404,
  no_webhook_config: 404,
  conflict: 409,
  opted_out: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
  no_active_device_for_tenant: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface Issue {
  path: string;
  message: string;
}

/** An expected failure of a request. Its text is safe to show; anything else thrown is a bug. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly issues: Issue[];
  /** Fields of its own that the answer carries beside the usual ones. */
  readonly extra: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, issues: Issue[] = [], extra: Record<string, unknown> = {}) {
    super(message);
    this.name = "HubError";
    this.code = code;
    this.status = ERROR_STATUS[code];
    this.issues = issues;
    this.extra = extra;
  }
}

export function notFound(what: string): HubError {
  return new HubError("not_found", `There is no such ${what}.`);
}

/** A fault of one field, named; of the whole, without a name. */
export function invalid(path: string, message: string): HubError {
  const said = path === "" ? message : `${path}: ${message}`;
  return new HubError("validation_error", said, [{ path, message }]);
}
