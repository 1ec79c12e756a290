/** An answer that is an error, in HubSpot's words. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(`refused with ${String(status)}`);
    this.status = status;
    this.body = body;
  }
}

export function refuse(status: number, category: string, message: string, more: object = {}): Refusal {
  return new Refusal(status, { status: 'error', message, correlationId: CORRELATION, category, ...more });
}

const CORRELATION = '00000000-0000-4000-8000-000000000000';
