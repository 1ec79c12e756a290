/** What about this person? Reads only. */
import { loadStore, type Store, type Topic } from '../accounts/index.ts';
import { addressHash, consentClock, mayMail, type ConsentClock, type Permission } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import type { SourceConsent } from '../ports.ts';
import { NO_PREFERENCE, preferencesOf, type Preference } from '../preferences/index.ts';
import { repliesOf, type Reply } from '../replies/index.ts';
import { reasons, type LifeStage, type Reason } from '../scoring/index.ts';
import {
  customerConsents,
  customerDraws,
  customerFacts,
  customerMailScore,
  customerMessages,
  customerOrders,
  customerScore,
  nextProductsOf,
  suppressionReason,
} from './customer.store.ts';
import { nameOf } from './customers.ts';
import { factsOf, type StoreFacts } from './facts.ts';

/** Orders drawn on the line: with more, the dots would touch. */
const ORDERS = 60;
const MESSAGES = 20;

type Row<Read extends (...given: never[]) => Promise<unknown>> = Awaited<ReturnType<Read>>;
type Facts = NonNullable<Row<typeof customerFacts>>;
type Score = NonNullable<Row<typeof customerScore>>;

export interface CustomerPage {
  store: StoreFacts;
  customer: Omit<Facts, 'key' | 'firstName' | 'lastName'> & { name: string };
  /** Null: not scored yet */
  score: (Omit<Score, 'reasons' | 'lifeStage'> & { reasons: Reason[]; lifeStage: LifeStage }) | null;
  /** What past mails taught about the next one; null: the person was never mailed */
  mail: Row<typeof customerMailScore> | null;
  /** What goes with what the person owns, surest first */
  nextProducts: Row<typeof nextProductsOf>;
  /** Newest first, at most 60 */
  orders: Row<typeof customerOrders>;
  messages: Row<typeof customerMessages>;
  /** Campaigns that held this person back or left them out */
  draws: Row<typeof customerDraws>;
  /** What the person wrote back, newest first */
  replies: Reply[];
  /** What the person asked for on the preference page, and the topics it may name */
  wishes: { preference: Preference; topics: Topic[] };
  consent: {
    permission: Permission;
    /** On what ground and until when, whether or not that is past */
    clock: ConsentClock;
    /** Why the address gets nothing whatever the law says; null: it is not suppressed */
    suppressed: string | null;
    /** What the person said, newest first */
    history: Row<typeof customerConsents>;
  };
}

/** Throws `not_found`. */
export async function readCustomer(engine: Engine, storeId: string, customerId: string): Promise<CustomerPage> {
  return engine.database.inStore(storeId, async (tx) => readCustomerIn(engine, tx, await loadStore(tx), customerId));
}

/** The same in a transaction that is under way. */
export async function readCustomerIn(
  engine: Engine,
  tx: StoreTransaction,
  store: Store,
  customerId: string,
): Promise<CustomerPage> {
  const found = UUID.test(customerId) ? await customerFacts(tx, customerId) : undefined;
  if (!found) throw fail('not_found', 'There is no such customer in this store.');
  const { key, firstName, lastName, ...facts } = found;
  const score = await customerScore(tx, store.scoreVersion, customerId);
  return {
    store: factsOf(store, engine.clock.now()),
    customer: { ...facts, name: nameOf({ key, firstName, lastName }) },
    score: score ? { ...score, lifeStage: score.lifeStage as LifeStage, reasons: reasons.parse(score.reasons) } : null,
    mail: (await customerMailScore(tx, store.scoreVersion, customerId)) ?? null,
    nextProducts: await nextProductsOf(tx, customerId, 3),
    orders: await customerOrders(tx, customerId, ORDERS),
    messages: await customerMessages(tx, customerId, MESSAGES),
    draws: await customerDraws(tx, customerId, MESSAGES),
    replies: await repliesOf(tx, engine.keys, customerId, MESSAGES),
    wishes: {
      preference: (await preferencesOf(tx, customerId, 1))[0] ?? NO_PREFERENCE,
      topics: store.settings.topics,
    },
    consent: await readConsent(tx, engine, facts),
  };
}

async function readConsent(
  tx: StoreTransaction,
  engine: Engine,
  facts: Pick<Facts, 'id' | 'email' | 'country' | 'lastOrderAt'>,
): Promise<CustomerPage['consent']> {
  const history = await customerConsents(tx, facts.id);
  const newest = history[0];
  const question = {
    country: facts.country,
    consent: newest && {
      at: newest.at,
      state: newest.state as SourceConsent['state'],
      basis: newest.basis as SourceConsent['basis'],
    },
    lastSaleAt: facts.lastOrderAt,
  };
  return {
    permission: mayMail({ ...question, now: engine.clock.now() }),
    clock: consentClock(question),
    suppressed: facts.email ? await suppressionReason(tx, addressHash(engine.keys, tx.storeId, facts.email)) : null,
    history,
  };
}

export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
