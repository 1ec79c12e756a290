/**
 * What goes back: each record with its own fate. Everything sent says what shall be and not what to add, so a push that was
 * killed half-way is pushed again without harm. Touches are not taken: a shop has no place for one mail to one person that
 * would not be made up.
 */
import {
  consentPayload,
  outcomePayload,
  RekindleError,
  scorePayload,
  type ScorePayload,
  type WriteBack,
  type WriteBackKind,
  type WriteBackResult,
} from '@rekindle/core';
import type { ShopifyClient } from './client.ts';
import { tellConsent } from './consent.ts';
import { CUSTOMERS_A_CALL, defineScore, setScores } from './metafields.ts';
import { readZone, tellOutcome } from './outcome.ts';
import type { UserErrors } from './schema.ts';

export const TAKES: readonly WriteBackKind[] = ['score', 'outcome', 'consent'];

export interface Push {
  client: ShopifyClient;
  /** Where the app's pages are, for links from the shop to a campaign */
  appUrl: string;
  /** Facts of the shop, asked once a connector */
  facts: { zone?: string; defined?: boolean };
}

export async function pushToShop(push: Push, records: readonly WriteBack[]): Promise<WriteBackResult[]> {
  const results = new Map<number, WriteBackResult>();
  await pushScores(push, records, results);
  for (const record of records) {
    if (results.has(record.id)) continue;
    // Shopify is away or wants us to wait: the rest would only wait as long again.
    if ([...results.values()].some(isLater)) break;
    results.set(record.id, await attempt(record.id, () => pushOne(push, record)));
  }
  return records.map(({ id }) => results.get(id) ?? refused(id, 'not tried, because Shopify did not answer', true));
}

/** Several people a call; where a call is refused, one by one, to know whose fault it was. */
async function pushScores(
  push: Push,
  records: readonly WriteBack[],
  results: Map<number, WriteBackResult>,
): Promise<void> {
  const scores: { id: number; customerId: string; score: ScorePayload }[] = [];
  for (const { id, kind, subjectId, payload } of records) {
    if (kind !== 'score') continue;
    const parsed = scorePayload.safeParse(payload);
    if (parsed.success) scores.push({ id, customerId: subjectId, score: parsed.data });
    else results.set(id, refused(id, 'the payload of this score is unreadable', false));
  }
  const [first] = scores;
  if (!first) return;
  if (push.facts.defined !== true) {
    const ready = await attempt(first.id, () => defineScore(push.client));
    if (!ready.ok) {
      for (const { id } of scores) results.set(id, { ...ready, id });
      return;
    }
    push.facts.defined = true;
  }
  for (let start = 0; start < scores.length; start += CUSTOMERS_A_CALL) {
    if ([...results.values()].some(isLater)) return;
    const some = scores.slice(start, start + CUSTOMERS_A_CALL);
    const together = await attempt(first.id, () => setScores(push.client, some));
    for (const one of some) {
      const alone = together.ok || together.retryable || some.length === 1;
      results.set(
        one.id,
        alone ? { ...together, id: one.id } : await attempt(one.id, () => setScores(push.client, [one])),
      );
    }
  }
}

async function pushOne(push: Push, { kind, subjectId, payload }: WriteBack): Promise<UserErrors> {
  switch (kind) {
    case 'consent': {
      const consent = consentPayload.safeParse(payload);
      return consent.success ? tellConsent(push.client, subjectId, consent.data) : [{ code: 'UNREADABLE_PAYLOAD' }];
    }
    case 'outcome': {
      const outcome = outcomePayload.safeParse(payload);
      if (!outcome.success) return [{ code: 'UNREADABLE_PAYLOAD' }];
      push.facts.zone ??= await readZone(push.client);
      const { client, appUrl, facts } = push;
      return tellOutcome(client, { campaignId: subjectId, outcome: outcome.data, appUrl, zone: facts.zone ?? 'UTC' });
    }
    default:
      return [{ code: `${kind.toUpperCase()}_NOT_TAKEN` }];
  }
}

/** Shopify's own trouble, within an answer that says so. */
const PASSING = new Set(['INTERNAL_ERROR', 'STALE_OBJECT']);

async function attempt(id: number, work: () => Promise<UserErrors>): Promise<WriteBackResult> {
  try {
    const errors = await work();
    if (errors.length === 0) return { id, ok: true };
    // Codes and fields only: a message may quote what a person is called.
    const words = errors.map(({ code, field }) =>
      [code ?? 'INVALID', ...(field ? [field.join('.')] : [])].join(' at '),
    );
    return refused(
      id,
      `Shopify refused: ${words.join(', ')}`,
      errors.every((one) => PASSING.has(one.code ?? '')),
    );
  } catch (error) {
    if (error instanceof RekindleError && error.code !== 'internal') return refused(id, error.message, error.retryable);
    throw error;
  }
}

function isLater(result: WriteBackResult): boolean {
  return !result.ok && result.retryable;
}

function refused(id: number, error: string, retryable: boolean): WriteBackResult {
  return { id, ok: false, retryable, error };
}
