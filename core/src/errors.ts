/**
 * Every error that a person can meet, as a closed list: what it is called, which HTTP status it has, whether trying again
 * can help. What is not in the list is a defect and becomes `internal`. Messages say what was wrong, with which value,
 * and what to do; they never hold a secret or a person's data.
 */
export const ERRORS = {
  bad_request: { status: 400, retryable: false },
  unauthorised: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  conflict: { status: 409, retryable: false },
  too_large: { status: 413, retryable: false },
  rate_limited: { status: 429, retryable: true },
  bad_configuration: { status: 500, retryable: false },
  bad_file: { status: 400, retryable: false },
  migration_changed: { status: 500, retryable: false },
  migration_failed: { status: 500, retryable: false },
  database_unreachable: { status: 503, retryable: true },
  port_taken: { status: 500, retryable: false },
  folder_not_writable: { status: 500, retryable: false },
  disk_full: { status: 507, retryable: false },
  connector_refused: { status: 502, retryable: false },
  connector_unavailable: { status: 502, retryable: true },
  provider_refused: { status: 502, retryable: false },
  provider_unavailable: { status: 502, retryable: true },
  writer_refused: { status: 502, retryable: false },
  writer_unavailable: { status: 502, retryable: true },
  wrong_state: { status: 409, retryable: false },
  internal: { status: 500, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof ERRORS;

export class RekindleError extends Error {
  readonly code: ErrorCode;
  /** Facts beside the sentence: a value, a limit, a line number. No secret, no personal data. */
  readonly detail: Record<string, string | number | boolean>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; detail?: Record<string, string | number | boolean> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RekindleError';
    this.code = code;
    this.detail = options.detail ?? {};
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

/** The error to throw: `throw fail('not_found', 'no campaign …')`. */
export function fail(
  code: ErrorCode,
  message: string,
  options?: ConstructorParameters<typeof RekindleError>[2],
): RekindleError {
  return new RekindleError(code, message, options);
}
