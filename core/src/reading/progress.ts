/** A campaign that is being sent now: how far, how fast, until when, and what holds it. Reads only. */
import { loadStore } from '../accounts/index.ts';
import { readGate, type DomainCheck } from '../domain/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { campaignFacts, type CampaignFacts } from './campaigns.store.ts';
import { UUID } from './customer.ts';
import { factsOf, type StoreFacts } from './facts.ts';
import { remember } from './remember.ts';
import { countByState, sentByMinute, type StateCount } from './progress.store.ts';

export interface CampaignProgress {
  store: StoreFacts;
  campaign: CampaignFacts;
  /** People the plan wants to write to */
  planned: number;
  /** No hour yet, or not handed over yet */
  waiting: number;
  sent: number;
  inDoubt: number;
  /** Will never go: by the provider's word or ours, with the reason, most frequent first */
  never: { reason: string; refused: boolean; mails: number }[];
  /** Of those that wait, how many would have gone by now */
  overdue: number;
  /** Mails a minute over the last whole minutes in which any went; null: none did */
  perMinute: number | null;
  /** The last MINUTES whole minutes, oldest first */
  minutes: { at: Date; sent: number }[];
  /** When the last mail is expected to go; null: none waits, or nothing goes now */
  until: Date | null;
  /** What holds mails back at the domain; null: nothing */
  held: DomainCheck | null;
}

const MINUTE = 60_000;
export const MINUTES = 15;
/** Counted anew after so long, however many look on; a large campaign less often: it is a walk over all of its mails. */
const FRESH_MS = 2000;
const LARGE = 100_000;
const LARGE_FRESH_MS = 15_000;

/** Throws `not_found`. */
export async function readCampaignProgress(
  engine: Engine,
  storeId: string,
  campaignId: string,
): Promise<CampaignProgress> {
  const now = engine.clock.now();
  const { store, campaign, gate } = await engine.database.inStore(storeId, async (tx) => {
    const found = UUID.test(campaignId) ? await campaignFacts(tx, campaignId) : null;
    if (!found) throw fail('not_found', 'There is no such campaign in this store.');
    return { store: await loadStore(tx), campaign: found, gate: await readGate(engine, tx) };
  });
  const planned = campaign.funnel.treated;
  const fresh = planned > LARGE ? LARGE_FRESH_MS : FRESH_MS;
  const version = `${campaign.state} ${String(Math.floor(now.getTime() / fresh))}`;
  const until = new Date(Math.floor(now.getTime() / MINUTE) * MINUTE);
  const from = new Date(until.getTime() - MINUTES * MINUTE);
  const counted = await remember(engine.database, { storeId, what: `sending ${campaignId}`, version }, () =>
    engine.database.inStore(storeId, async (tx) => ({
      states: await countByState(tx, campaignId, now),
      minutes: await sentByMinute(tx, campaignId, { from, until }),
    })),
  );
  const sum = (...states: string[]): number =>
    counted.states.reduce((all, one) => all + (states.includes(one.state) ? one.messages : 0), 0);
  const known = counted.states.reduce((all, one) => all + one.messages, 0);
  const overdue = counted.states.reduce((all, one) => all + one.overdue, 0);
  const waiting = sum('planned', 'scheduled', 'claimed') + Math.max(0, planned - known);
  const perMinute = rateOf(counted.minutes, until);
  const held = gate.open ? null : gate.check;
  const going = campaign.state === 'running' && held === null;
  return {
    store: factsOf(store, now),
    campaign,
    planned: Math.max(planned, known),
    waiting,
    sent: sum('accepted'),
    inDoubt: sum('in_doubt'),
    never: neverOf(counted.states),
    overdue,
    perMinute,
    minutes: eachMinute(counted.minutes, from),
    until:
      going && waiting > 0
        ? endOf({ states: counted.states, overdue, perMinute, now, planned: campaign.sendUntil })
        : null,
    held,
  };
}

/** From the first of the last minutes in which any went: a campaign that has just begun is not averaged with its silence. */
function rateOf(minutes: { minute: Date; sent: number }[], until: Date): number | null {
  const [first] = minutes;
  if (!first) return null;
  const sent = minutes.reduce((sum, one) => sum + one.sent, 0);
  return sent / Math.max(1, Math.round((until.getTime() - first.minute.getTime()) / MINUTE));
}

/** The last hour that somebody waits for, or as long as what is late takes at the present pace. */
function endOf(given: {
  states: StateCount[];
  overdue: number;
  perMinute: number | null;
  now: Date;
  planned: Date | null;
}): Date | null {
  const last = given.states.reduce<number>((latest, one) => Math.max(latest, one.last?.getTime() ?? 0), 0);
  const late = given.perMinute === null ? 0 : (given.overdue / given.perMinute) * MINUTE;
  // Nobody has an hour yet: the plan's own end.
  if (last === 0) return given.planned;
  return new Date(Math.max(last, given.now.getTime() + late));
}

function neverOf(states: StateCount[]): CampaignProgress['never'] {
  return states
    .filter((one) => one.state === 'refused' || one.state === 'dropped')
    .map((one) => ({ reason: one.reason ?? '', refused: one.state === 'refused', mails: one.messages }));
}

function eachMinute(minutes: { minute: Date; sent: number }[], from: Date): CampaignProgress['minutes'] {
  const sent = new Map(minutes.map((one) => [one.minute.getTime(), one.sent]));
  return Array.from({ length: MINUTES }, (_, number) => {
    const at = new Date(from.getTime() + number * MINUTE);
    return { at, sent: sent.get(at.getTime()) ?? 0 };
  });
}
