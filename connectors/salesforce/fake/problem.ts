/** An error as Salesforce answers it. */
export class Problem extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly fields: string[];

  constructor(errorCode: string, message: string, options: { status?: number; fields?: string[] } = {}) {
    super(message);
    this.errorCode = errorCode;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? [];
  }
}
