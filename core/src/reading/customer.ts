/** What about this person? Reads only. */
import { loadStore } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import {
  customerConsents,
  customerDraws,
  customerFacts,
  customerMessages,
  customerOrders,
  customerScore,
} from './customer.store.ts';
import { nameOf } from './customers.ts';
import { factsOf, type StoreFacts } from './facts.ts';

/** Orders drawn on the line: with more, the dots would touch. */
const ORDERS = 60;
const MESSAGES = 20;

type Row<Read extends (...given: never[]) => Promise<unknown>> = Awaited<ReturnType<Read>>;
type Facts = NonNullable<Row<typeof customerFacts>>;

export interface CustomerPage {
  store: StoreFacts;
  customer: Omit<Facts, 'key' | 'firstName' | 'lastName'> & { name: string };
  /** Null: not scored yet */
  score: (Omit<NonNullable<Row<typeof customerScore>>, 'reasons'> & { reasons: unknown }) | null;
  orders: Row<typeof customerOrders>;
  messages: Row<typeof customerMessages>;
  /** Campaigns that held this person back or left them out */
  draws: Row<typeof customerDraws>;
  consents: Row<typeof customerConsents>;
}

/** Throws `not_found`. */
export async function readCustomer(engine: Engine, storeId: string, customerId: string): Promise<CustomerPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const found = UUID.test(customerId) ? await customerFacts(tx, customerId) : undefined;
    if (!found) throw fail('not_found', 'There is no such customer in this store.');
    const { key, firstName, lastName, ...facts } = found;
    return {
      store: factsOf(store, engine.clock.now()),
      customer: { ...facts, name: nameOf({ key, firstName, lastName }) },
      score: (await customerScore(tx, store.scoreVersion, customerId)) ?? null,
      orders: await customerOrders(tx, customerId, ORDERS),
      messages: await customerMessages(tx, customerId, MESSAGES),
      draws: await customerDraws(tx, customerId, MESSAGES),
      consents: await customerConsents(tx, customerId),
    };
  });
}

export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
