/**
 * What a pull does, customers before orders: is there anything new? then one bulk operation: started or found, waited for, its
 * result read by pieces. After every step a batch says where a later pull goes on.
 */
import { z } from 'zod';
import { fail, type PullBatch, type PullRequest } from '@rekindle/core';
import { failureOf, readOperation, startOrFind } from './bulk.ts';
import type { ShopifyClient } from './client.ts';
import {
  afterOperation,
  noteSeen,
  readCursor,
  toldBy,
  withRunning,
  withTurn,
  type Running,
  type ShopifyCursor,
} from './cursor.ts';
import { GoneError, readLines } from './jsonl.ts';
import { bulkQuery, COUNT, KINDS, NEWEST, type Kind } from './operations.ts';
import { addGroup, asBatch, countRows, noRows, type Group } from './rows.ts';
import { shortId } from './schema.ts';

/** Rows of a batch: enough to be worth a transaction, few enough to hold. */
const PIECE = 500;
/** Between looks at an operation, ms: soon at first, then every so often. */
const LOOK_MS = { first: 1000, longest: 15_000 };
/** Looks of one pull; one that takes longer is waited for by the next pull. */
const LOOKS = 240;
/** How much of the whole each list is taken to be. */
const SHARE: Record<Kind, { from: number; to: number }> = {
  customers: { from: 0, to: 0.4 },
  orders: { from: 0.4, to: 1 },
};

/** A pull under way. */
interface Pull {
  client: ShopifyClient;
  until: Date | undefined;
  cursor: ShopifyCursor;
  rowsRead: number;
  progress: number;
}

export async function* pullShop(client: ShopifyClient, request: PullRequest): AsyncGenerator<PullBatch> {
  const pull: Pull = { client, until: request.until, cursor: readCursor(request.cursor), rowsRead: 0, progress: 0 };
  for (const kind of KINDS) {
    if (kind !== pull.cursor.turn) continue;
    // A result that was there already is of a while ago: what came since is asked for at once.
    let again = true;
    while (again) {
      const { running: under } = pull.cursor;
      const begun = under ? { running: under, found: false } : await begin(pull, kind);
      if (!begun) break;
      again = begun.found;
      const ended = yield* follow(pull, begun.running);
      if (!ended) return;
    }
    pull.cursor = withTurn(pull.cursor, kind === 'customers' ? 'orders' : 'customers');
  }
}

interface Begun {
  running: Running;
  /** It was there already */
  found: boolean;
}

/** The operation that tells what is new; undefined: nothing is. */
async function begin({ client, cursor, until }: Pull, kind: Kind): Promise<Begun | undefined> {
  const { since } = cursor[kind];
  if (since !== null && !(await isAnythingNew(client, kind, since, cursor))) return undefined;
  const { operation, found } = await startOrFind(client, bulkQuery(kind, since ?? undefined));
  const { id, createdAt } = operation;
  const running = { kind, id, createdAt, until: until?.toISOString() ?? null, byte: 0, line: 0, seen: [] };
  return { running, found };
}

const touchedList = z.object({
  nodes: z.array(z.object({ id: z.string(), updatedAt: z.string() })),
  pageInfo: z.object({ hasNextPage: z.boolean() }),
});

async function isAnythingNew(
  client: ShopifyClient,
  kind: Kind,
  since: string,
  cursor: ShopifyCursor,
): Promise<boolean> {
  const schema = z.object({ customers: touchedList.optional(), orders: touchedList.optional() });
  const answer = (await client.run(NEWEST[kind], { filter: `updated_at:>='${since}'` }, schema))[kind];
  if (!answer) return false;
  const toldUpTo = toldBy(cursor, kind);
  return (
    answer.pageInfo.hasNextPage ||
    answer.nodes.some((one) => toldUpTo(shortId(one.id), Date.parse(one.updatedAt)) !== Number.POSITIVE_INFINITY)
  );
}

/** Waits for the operation and reads its result. False: it takes longer than this pull; the next one goes on. */
async function* follow(pull: Pull, running: Running): AsyncGenerator<PullBatch, boolean> {
  const { client } = pull;
  const { kind } = running;
  pull.cursor = withRunning(pull.cursor, running);
  const expected = await count(client, kind, pull.cursor[kind].since);
  for (let look = 0; look < LOOKS; look++) {
    const operation = await readOperation(client, running.id);
    const failure = failureOf(operation);
    if (failure || !operation) return yield* giveUp(pull, failure);
    const waited = expected === 0 ? 0 : Math.min(operation.rootObjectCount / expected, 1) / 2;
    if (operation.status === 'COMPLETED') {
      yield* read(pull, running, operation.url, operation.fileSize ?? 0);
      return true;
    }
    yield { rowsRead: pull.rowsRead, progress: progressOf(pull, kind, waited), cursor: pull.cursor };
    await client.sleep(Math.min(LOOK_MS.first * 2 ** Math.min(look, 10), LOOK_MS.longest));
  }
  return false;
}

/** Forgets an operation that gives nothing, so that the next pull starts another. */
async function* giveUp(pull: Pull, failure: Error | undefined): AsyncGenerator<PullBatch, never> {
  pull.cursor = withRunning(pull.cursor, null);
  yield { rowsRead: pull.rowsRead, cursor: pull.cursor };
  throw failure ?? fail('connector_unavailable', 'Shopify’s export is no longer there; another is started.');
}

async function* read(pull: Pull, at: Running, url: string | null, size: number): AsyncGenerator<PullBatch> {
  const until = at.until === null ? Number.POSITIVE_INFINITY : Date.parse(at.until);
  const toldUpTo = toldBy(pull.cursor, at.kind);
  let rows = noRows();
  try {
    for await (const { group, end, line } of groups(pull.client, url, at)) {
      const told = addGroup(rows, at.kind, group, until, toldUpTo);
      if (told) noteSeen(at, told.id, told.updatedAt, told.upTo);
      pull.rowsRead += line - at.line;
      [at.byte, at.line] = [end, line];
      if (countRows(rows) < PIECE) continue;
      pull.cursor = withRunning(pull.cursor, at);
      const share = size > 0 ? Math.min(end / size, 1) : 1;
      yield {
        ...asBatch(rows),
        rowsRead: pull.rowsRead,
        progress: progressOf(pull, at.kind, 0.5 + share / 2),
        cursor: pull.cursor,
      };
      rows = noRows();
    }
  } catch (error) {
    if (!(error instanceof GoneError)) throw error;
    return yield* giveUp(pull, undefined);
  }
  pull.cursor = afterOperation(pull.cursor, at);
  const cursor = withTurn(pull.cursor, at.kind === 'customers' ? 'orders' : 'customers');
  yield { ...asBatch(rows), rowsRead: pull.rowsRead, progress: progressOf(pull, at.kind, 1), cursor };
}

/** Objects of the result with what stands below them, from where it was read to. */
async function* groups(
  client: ShopifyClient,
  url: string | null,
  at: Running,
): AsyncGenerator<{ group: Group; end: number; line: number }> {
  // No address: nothing was found.
  if (url === null) return;
  let [line, end] = [at.line, at.byte];
  let open: Group | undefined;
  for await (const one of readLines(url, at.byte, (milliseconds) => client.sleep(milliseconds))) {
    const value = parse(one.text);
    const isChild = typeof value === 'object' && value !== null && '__parentId' in value;
    if (open && !isChild) yield { group: open, end, line };
    line++;
    if (isChild && open) open.children.push(value);
    else open = { line, root: value, children: [] };
    end = one.end;
  }
  if (open) yield { group: open, end, line };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function count(client: ShopifyClient, kind: Kind, since: string | null): Promise<number> {
  const filter = since === null ? null : `updated_at:>='${since}'`;
  const answer = await client.run(COUNT[kind], { filter }, z.record(z.string(), z.object({ count: z.number() })));
  return answer[`${kind}Count`]?.count ?? 0;
}

/** How far the whole pull is; a second look at a list does not turn it back. */
function progressOf(pull: Pull, kind: Kind, part: number): number {
  const { from, to } = SHARE[kind];
  pull.progress = Math.max(pull.progress, from + (to - from) * part);
  return pull.progress;
}
