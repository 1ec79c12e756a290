/**
 * The one place where an error becomes an answer: application/problem+json (RFC 9457) from the engine's closed list. What is
 * not in the list is a defect: its cause goes to the log under an id, and only the id leaves the house.
 */
import { randomBytes } from 'node:crypto';
import { fail, RekindleError, type Log } from '@rekindle/core';
import { HTTPException } from 'hono/http-exception';

export interface Problem {
  /** urn:rekindle:error:<code> */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  /** Names the defect in the log */
  id?: string;
}

/** What is told of an error. Logs it where it is ours to mend. */
export function problemOf(error: unknown, log: Log): Problem {
  const known = knownError(error);
  if (known.code !== 'internal') {
    if (known.status >= 500) log.error({ code: known.code, err: error }, 'a request could not be served');
    return problem(known, known.message);
  }
  const id = randomBytes(6).toString('hex');
  log.error({ id, err: error }, 'a request met a defect');
  return { ...problem(known, 'Something went wrong on our side. Nothing was lost; please try again.'), id };
}

export function problemResponse(problem: Problem): Response {
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json; charset=utf-8' };
  if (problem.status === 429) headers['Retry-After'] = '60';
  if (problem.status === 503) headers['Retry-After'] = '5';
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

function problem(error: RekindleError, detail: string): Problem {
  const title = error.code.replaceAll('_', ' ');
  return { type: `urn:rekindle:error:${error.code}`, title, status: error.status, detail, code: error.code };
}

function knownError(error: unknown): RekindleError {
  if (error instanceof RekindleError) return error;
  if (error instanceof HTTPException && error.status < 500) return fail('bad_request', 'The request cannot be read.');
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // The database is away or shutting down: https://www.postgresql.org/docs/current/errcodes-appendix.html
  if (/^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|57P0\d|08\w{3}|53300)$/.test(code))
    return fail(
      'database_unreachable',
      'The database does not answer at the moment. Nothing was lost; please try again.',
    );
  return fail('internal', 'defect', { cause: error });
}
