/**
 * The log: pino's JSON lines, or short lines for a person at a terminal; always on the error stream, so that what a
 * command prints stays clean. A field that could hold a secret or a person's data is masked by its name, at any depth, and
 * an e-mail address is masked wherever it stands.
 */
import { pino } from 'pino';
import type { Log } from './ports.ts';

export interface LogOptions {
  level: string;
  /** One short line a message instead of JSON. */
  readable?: boolean;
  /** Where the lines go. Default: standard error. */
  write?: (line: string) => void;
}

const SECRET =
  /authorization|cookie|token|password|secret|api_?key|credential|signature|email|phone|first_?name|last_?name|full_?name|street|postal|ip_?address|^(to|ip|recipient|body)$/i;
const ADDRESS = /[^\s@<>"'(),:;=]+@[^\s@<>"'(),:;=]+\.[a-z]{2,}/gi;
/** user:password@ in a connection address */
const LOGIN = /:\/\/[^/\s@]+@/g;
const MASK = '[hidden]';
const DEEPEST = 8;

export function createLog(options: LogOptions): Log {
  const write = options.write ?? ((line: string) => process.stderr.write(line));
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => cleanFields(fields, 0) },
      hooks: {
        logMethod(words, method) {
          method.apply(this, words.map((word) => (typeof word === 'string' ? cleanText(word) : word)) as [string]);
        },
      },
    },
    { write: options.readable === true ? (line) => write(readable(line)) : write },
  );
}

function cleanFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, SECRET.test(key) ? MASK : clean(value, depth + 1)]),
  );
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > DEEPEST) return '[deep]';
  if (value instanceof Error) return cleanError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${String(value.byteLength)} bytes]`;
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  return cleanFields(value, depth);
}

/** Only what an error is known by: a database error's `detail` and `where` quote the row. */
function cleanError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    message: cleanText(error.message),
    ...('code' in error ? { code: error.code } : {}),
    stack: cleanText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: clean(error.cause, depth + 1) }),
  };
}

function cleanText(text: string): string {
  return text.replace(LOGIN, `://${MASK}@`).replace(ADDRESS, MASK);
}

/** `12:00:01 warn  worker stopped stage=score seconds=3` */
function readable(line: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown> & { msg?: string };
  const facts = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const problem = err as { message?: string; stack?: string } | undefined;
  const stack = problem === undefined ? '' : `\n  ${problem.stack ?? problem.message ?? ''}`;
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${msg ?? ''}${facts.join('')}${stack}\n`;
}
