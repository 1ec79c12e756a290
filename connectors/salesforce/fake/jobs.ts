/** Query jobs of the Bulk API 2.0: taken, worked on for a while, and then there to be read by pages. */
import { setImmediate } from 'node:timers/promises';
import { API_VERSION } from '../src/schema.ts';
import { toCsv } from './answers.ts';
import { makeId } from './ids.ts';
import type { Org } from './org.ts';
import { Problem } from './problem.ts';
import { runQuery, type Result } from './soql.ts';

type State = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

interface Job {
  id: string;
  query: string;
  object: string;
  operation: 'query' | 'queryAll';
  createdDate: string;
  state: State;
  result?: Result | undefined;
  /** Where each page begins, by its locator */
  locators: Map<string, number>;
}

export interface Jobs {
  open(query: string, operation: 'query' | 'queryAll'): Record<string, unknown>;
  info(id: string): Record<string, unknown>;
  abort(id: string): Record<string, unknown>;
  remove(id: string): void;
  page(id: string, locator: string | null, rows: number): { csv: string; locator: string; rows: number };
  /** The next job comes to nothing. */
  failNext(): void;
  /** Every result is gone, as after seven days. */
  expire(): void;
  readonly opened: number;
}

/** Rows in a page at most where nobody says how many. */
const PAGE = 50_000;

export function openJobs(org: Org): Jobs {
  const jobs = new Map<string, Job>();
  let opened = 0;
  let failing = false;

  function find(id: string): Job {
    const job = jobs.get(id);
    if (!job) throw new Problem('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
    return job;
  }

  /** A little later, as a queue would: the rows are those of then. */
  async function work(job: Job, fails: boolean): Promise<void> {
    await setImmediate();
    if (job.state === 'Aborted') return;
    job.state = 'InProgress';
    await setImmediate();
    if (fails) {
      job.state = 'Failed';
      return;
    }
    job.result = runQuery(org, job.query, job.operation === 'queryAll');
    job.state = 'JobComplete';
  }

  return {
    get opened() {
      return opened;
    },
    open(query, operation) {
      // What is wrong with a query is said at once.
      const { object } = runQuery(org, query, false);
      if (/\b(ORDER BY|LIMIT|OFFSET|GROUP BY)\b/i.test(query))
        throw new Problem(
          'API_ERROR',
          'ORDER BY, LIMIT, OFFSET and GROUP BY switch PK chunking off; the fake does not take them in a job',
        );
      opened++;
      const job: Job = {
        id: makeId('750', opened),
        query,
        object: object.name,
        operation,
        createdDate: org.now(),
        state: 'UploadComplete',
        locators: new Map(),
      };
      jobs.set(job.id, job);
      const fails = failing;
      failing = false;
      void work(job, fails);
      return infoOf(job);
    },
    info: (id) => infoOf(find(id)),
    abort(id) {
      const job = find(id);
      if (job.state !== 'JobComplete' && job.state !== 'Failed') job.state = 'Aborted';
      return infoOf(job);
    },
    remove(id) {
      jobs.delete(find(id).id);
    },
    page(id, locator, rows) {
      const job = find(id);
      if (job.state !== 'JobComplete' || !job.result)
        throw new Problem('INVALIDJOBSTATE', `The job is ${job.state}: its results cannot be read`, { status: 409 });
      const from = locator === null ? 0 : job.locators.get(locator);
      if (from === undefined) throw new Problem('INVALIDLOCATOR', 'The locator is not one of this job');
      const some = job.result.rows.slice(from, from + (rows > 0 ? rows : PAGE));
      const next = from + some.length;
      let nextLocator = 'null';
      if (next < job.result.rows.length) {
        // As long as the job is there a page keeps its locator.
        nextLocator = Buffer.from(`${job.id} ${String(next)}`).toString('base64url');
        job.locators.set(nextLocator, next);
      }
      return { csv: toCsv(job.result.fields, some), locator: nextLocator, rows: some.length };
    },
    failNext() {
      failing = true;
    },
    expire() {
      jobs.clear();
    },
  };
}

function infoOf(job: Job): Record<string, unknown> {
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdDate: job.createdDate.replace(/Z$/, '+0000'),
    systemModstamp: job.createdDate.replace(/Z$/, '+0000'),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(API_VERSION),
    lineEnding: 'LF',
    columnDelimiter: 'COMMA',
    ...(job.state === 'JobComplete'
      ? { jobType: 'V2Query', numberRecordsProcessed: job.result?.rows.length ?? 0, retries: 0 }
      : {}),
  };
}
