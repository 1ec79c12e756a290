/**
 * The vendor's SDK, built in one place. It repeats 408, 409, 429, 5xx and broken connections by itself, with the pause that
 * the vendor asks for; nothing in it reads the environment and it never writes to the log (its lines hold prompts).
 */
import OpenAI from 'openai';

export interface OpenaiOptions {
  apiKey: string;
  /** Such as gpt-5-mini */
  model: string;
  /** Such as https://api.openai.com/v1 */
  baseUrl: string;
  /** Milliseconds one try may take. Default 60,000: a reasoning model thinks before it writes. */
  timeoutMs?: number;
  /** Tries after the first. Default 2. */
  retries?: number;
  /** Told of the tokens of each answer, also of one that cannot be used: they are paid for. */
  onUsage?: (used: { input: number; output: number }) => void;
}

export function openaiClient(options: OpenaiOptions): OpenAI {
  return new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    organization: null,
    project: null,
    timeout: options.timeoutMs ?? 60_000,
    maxRetries: options.retries ?? 2,
    logLevel: 'off',
  });
}
