/** What stands below /services/data/v66.0: queries, records by the collection, jobs, descriptions, limits. */
import { z } from 'zod';
import { API_VERSION } from '../src/schema.ts';
import { toJson } from './answers.ts';
import { fieldOf } from './fields.ts';
import type { Jobs } from './jobs.ts';
import type { Org, Record_ } from './org.ts';
import { Problem } from './problem.ts';
import { runQuery } from './soql.ts';

export interface Call {
  method: string;
  /** Below the version */
  path: string;
  words: URLSearchParams;
  body: unknown;
  /** One record of the call is locked by somebody else */
  locked: boolean;
}

export interface Reply {
  status: number;
  json?: unknown;
  csv?: string;
  headers?: Record<string, string>;
}

export interface Rest {
  answer(call: Call): Reply;
}

export interface RestOptions {
  org: Org;
  jobs: Jobs;
  usage: { used: number; limit: number };
  /** Rows in one answer of a query */
  queryRows: number;
}

type Route = [method: string, path: RegExp, (call: Call, parts: string[]) => Reply];

const collection = z.strictObject({
  allOrNone: z.literal(false),
  records: z.array(z.looseObject({ attributes: z.object({ type: z.string() }) })).max(200),
});
const opening = z.strictObject({ operation: z.enum(['query', 'queryAll']), query: z.string() });

export function restOf({ org, jobs, usage, queryRows }: RestOptions): Rest {
  const rest = new Map<string, { rows: unknown[]; total: number }>();

  function query(call: Call, deleted: boolean): Reply {
    const { object, fields, rows } = runQuery(org, call.words.get('q') ?? '', deleted);
    const all = rows.map((row) => toJson(object, fields, row));
    return { status: 200, json: pageOf(all, all.length) };
  }

  function pageOf(rows: unknown[], total: number): Record<string, unknown> {
    const left = rows.slice(queryRows);
    if (left.length === 0) return { totalSize: total, done: true, records: rows };
    const locator = `01g00000000000${String(rest.size + 1)}AAA-${String(total - left.length)}`;
    rest.set(locator, { rows: left, total });
    const nextRecordsUrl = `/services/data/v${API_VERSION}/query/${locator}`;
    return { totalSize: total, done: false, nextRecordsUrl, records: rows.slice(0, queryRows) };
  }

  function each(call: Call, write: (type: string, record: Record<string, unknown>) => Record<string, unknown>): Reply {
    const { records } = parse(collection, call.body);
    const seen = new Set<string>();
    const json = records.map((record, place) => {
      try {
        if (call.locked && place === 0)
          throw new Problem('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record or 1 records');
        const id = typeof record['id'] === 'string' ? record['id'].slice(0, 15) : undefined;
        if (id !== undefined && seen.has(id)) throw new Problem('DUPLICATE_VALUE', 'duplicate id in list');
        if (id !== undefined) seen.add(id);
        return { ...write(record.attributes.type, record), success: true, errors: [] };
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // What is wrong with the call's form fails the call, not the record.
        if (error.errorCode === 'INVALID_FIELD' || error.errorCode === 'INVALID_TYPE') throw error;
        return {
          success: false,
          errors: [{ statusCode: error.errorCode, message: error.message, fields: error.fields }],
        };
      }
    });
    return { status: 200, json };
  }

  const routes: Route[] = [
    ['GET', /^\/query$/, (call) => query(call, false)],
    ['GET', /^\/queryAll$/, (call) => query(call, true)],
    [
      'GET',
      /^\/query\/([\w-]+)$/,
      (_, [locator = '']) => {
        const left = rest.get(locator);
        if (!left) throw new Problem('INVALID_QUERY_LOCATOR', 'invalid query locator');
        return { status: 200, json: pageOf(left.rows, left.total) };
      },
    ],
    [
      'POST',
      /^\/composite\/sobjects$/,
      (call) =>
        each(call, (type, record) => {
          if ('id' in record)
            throw new Problem('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call');
          return { id: org.create(type, record)['Id'] ?? null };
        }),
    ],
    [
      'PATCH',
      /^\/composite\/sobjects$/,
      (call) =>
        each(call, (type, record) => {
          const { id } = record;
          if (typeof id !== 'string') throw new Problem('MISSING_ARGUMENT', 'Id not specified in an update call');
          if (!id.startsWith(org.object(type).prefix)) throw new Problem('MALFORMED_ID', 'malformed id');
          return { id: org.change(type, id, record)['Id'] ?? null };
        }),
    ],
    [
      'PATCH',
      /^\/composite\/sobjects\/(\w+)\/(\w+)$/,
      (call, [object = '', key = '']) => each(call, (_, record) => upsert(org, object, key, record)),
    ],
    [
      'GET',
      /^\/sobjects\/(\w+)\/describe$/,
      (_, [name = '']) => {
        const object = org.object(name);
        const fields = [...object.fields.values()].map(({ name: field, type, length, createable, updateable }) => ({
          name: field,
          type,
          length: length ?? 0,
          createable,
          updateable,
        }));
        return { status: 200, json: { name: object.name, keyPrefix: object.prefix, fields } };
      },
    ],
    [
      'GET',
      /^\/sobjects\/(\w+)\/(\w+)$/,
      (_, [name = '', id = '']) => {
        const object = org.object(name);
        const record = org.find(name, id);
        if (!record || record['IsDeleted'] === true) throw notFound();
        return { status: 200, json: toJson(object, [...object.fields.values()], record) };
      },
    ],
    [
      'GET',
      /^\/limits$/,
      () => ({
        status: 200,
        json: { DailyApiRequests: { Max: usage.limit, Remaining: Math.max(0, usage.limit - usage.used) } },
      }),
    ],
    [
      'POST',
      /^\/jobs\/query$/,
      (call) => {
        const { query: soql, operation } = parse(opening, call.body);
        return { status: 200, json: jobs.open(soql, operation) };
      },
    ],
    ['GET', /^\/jobs\/query\/(\w+)$/, (_, [id = '']) => ({ status: 200, json: jobs.info(id) })],
    ['PATCH', /^\/jobs\/query\/(\w+)$/, (_, [id = '']) => ({ status: 200, json: jobs.abort(id) })],
    [
      'DELETE',
      /^\/jobs\/query\/(\w+)$/,
      (_, [id = '']) => {
        jobs.remove(id);
        return { status: 204 };
      },
    ],
    [
      'GET',
      /^\/jobs\/query\/(\w+)\/results$/,
      (call, [id = '']) => {
        const page = jobs.page(id, call.words.get('locator'), Number(call.words.get('maxRecords') ?? 0));
        const headers = { 'sforce-locator': page.locator, 'sforce-numberofrecords': String(page.rows) };
        return { status: 200, csv: page.csv, headers };
      },
    ],
  ];

  return {
    answer(call) {
      for (const [method, path, run] of routes) {
        const found = path.exec(call.path);
        if (found && method === call.method) return run(call, found.slice(1));
      }
      throw notFound();
    },
  };
}

function notFound(): Problem {
  return new Problem('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
}

function upsert(org: Org, object: string, key: string, record: Record<string, unknown>): Record<string, unknown> {
  const described = org.object(object);
  const field = fieldOf(described, key);
  if (field?.externalId !== true)
    throw new Problem('INVALID_FIELD', `Field name provided, ${key} does not match an External ID for ${object}`);
  // Since API version 16.
  if (described.name === 'CampaignMember')
    throw new Problem('INVALID_TYPE', 'upsert is not supported for CampaignMember');
  const value = record[field.name];
  if (typeof value !== 'string' || value === '') throw new Problem('MISSING_ARGUMENT', `${field.name} not specified`);
  const before = org.all(object).find((one: Record_) => one[field.name] === value && one['IsDeleted'] !== true);
  if (before) return { id: org.change(object, String(before['Id']), record)['Id'] ?? null, created: false };
  return { id: org.create(object, record)['Id'] ?? null, created: true };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Problem('JSON_PARSER_ERROR', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
