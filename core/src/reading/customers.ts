/** Who is slipping away? Reads only. */
import { loadStore } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { LIFE_STAGES, reasons, type Reason } from '../scoring/index.ts';
import { findCustomerFacts, listCustomerFacts, type CustomerFacts, type Place } from './customers.store.ts';
import { factsOf, type StoreFacts } from './facts.ts';
import { remember } from './remember.ts';
import { countLifeStages, type LifeStageCount } from './stages.store.ts';

/** Saved views: life stages, and everybody. */
export const VIEWS = ['slipping', 'lapsed', 'active', 'new', 'lost', 'all'] as const;
export type View = (typeof VIEWS)[number];

const PAGE = 50;

export interface CustomersQuery {
  view: View;
  sort: 'risk' | 'silence';
  /** Beginning of a name, a whole address, or an id; looks through all views */
  search?: string | undefined;
  /** `next` of the page before */
  after?: string | undefined;
}

export type CustomerRow = Omit<CustomerFacts, 'key' | 'firstName' | 'lastName' | 'reasons'> & {
  name: string;
  reasons: Reason[];
};

export interface CustomersPage {
  store: StoreFacts;
  /** False: nothing was scored yet */
  scored: boolean;
  stages: LifeStageCount[];
  rows: CustomerRow[];
  /** Where the next page begins; null: this is the last. A search has one page. */
  next: string | null;
}

export async function readCustomers(engine: Engine, storeId: string, query: CustomersQuery): Promise<CustomersPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const version = store.scoreVersion;
    const stages = await remember(engine.database, { storeId, what: 'life stages', version }, () =>
      countLifeStages(tx, version),
    );
    const words = query.search?.trim() ?? '';
    const found =
      words === ''
        ? await listCustomerFacts(tx, {
            version,
            stages: query.view === 'all' ? [...LIFE_STAGES] : [query.view],
            sort: query.sort,
            after: placeOf(query.after),
            limit: PAGE + 1,
          })
        : await findCustomerFacts(tx, { version, words, limit: PAGE });
    const rows = found.slice(0, PAGE);
    const last = found.length > PAGE ? rows.at(-1) : undefined;
    return {
      store: factsOf(store, engine.clock.now()),
      scored: version > 0,
      stages,
      rows: rows.map(withName),
      next: last ? cursorOf(query.sort === 'risk' ? last.valueAtRisk : last.daysSinceLast, last.id) : null,
    };
  });
}

function withName({ key, firstName, lastName, ...rest }: CustomerFacts): CustomerRow {
  return { ...rest, name: nameOf({ key, firstName, lastName }), reasons: reasons.parse(rest.reasons) };
}

/** What to call a person: the name, else "Customer" and the id the platform knows. */
export function nameOf(person: { key: string; firstName: string | null; lastName: string | null }): string {
  const name = [person.firstName, person.lastName].filter(Boolean).join(' ').trim();
  return name === '' ? `Customer ${person.key.slice(person.key.indexOf(':') + 1)}` : name;
}

function cursorOf(value: number | null, id: string): string {
  return `${value === null ? '' : String(value)}_${id}`;
}

const CURSOR = /^(-?[\d.]*(?:e-?\d+)?)_([0-9a-f-]{36})$/;

/** A cursor that cannot be read (an address typed by hand) is the first page. */
function placeOf(cursor: string | undefined): Place | undefined {
  const [, value, id] = CURSOR.exec(cursor ?? '') ?? [];
  if (value === undefined || id === undefined || Number.isNaN(Number(value))) return undefined;
  return { value: value === '' ? null : Number(value), id };
}
