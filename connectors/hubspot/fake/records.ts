/** Contacts and deals as HubSpot keeps them: every property with its history, changes with the instant of their change. */
import type { Clock } from '@rekindle/core';

export type ObjectName = 'contacts' | 'deals';

export interface HistoryEntry {
  value: string;
  at: Date;
}

export interface FakeRecord {
  id: string;
  createdAt: Date;
  updatedAt: Date;
  /** Newest first */
  history: Map<string, HistoryEntry[]>;
}

/** Types of properties that are written to; what is missing here does not exist. */
export const BUILT_IN: Record<ObjectName, Record<string, 'string' | 'number' | 'date' | 'datetime' | 'bool'>> = {
  contacts: {
    email: 'string',
    firstname: 'string',
    lastname: 'string',
    phone: 'string',
    hs_language: 'string',
    hs_country_region_code: 'string',
    hs_timezone: 'string',
    hs_email_optout: 'bool',
    hs_email_hard_bounce_reason_enum: 'string',
    hs_legal_basis: 'string',
  },
  deals: {
    amount: 'number',
    closedate: 'datetime',
    deal_currency_code: 'string',
    dealname: 'string',
    dealstage: 'string',
    pipeline: 'string',
  },
};

export interface Records {
  readonly all: Map<string, FakeRecord>;
  create(properties: Record<string, string>, at?: Date): FakeRecord;
  /** Gives the names of what really changed. */
  change(record: FakeRecord, properties: Record<string, string>, at?: Date): string[];
  /** A property as the API says it; null where it has none. */
  value(record: FakeRecord, name: string): string | null;
}

export function recordsOf(name: ObjectName, firstId: number, clock: Clock): Records {
  const all = new Map<string, FakeRecord>();
  let next = firstId;
  const records: Records = {
    all,
    create(properties, at = clock.now()) {
      const record: FakeRecord = { id: String(next++), createdAt: at, updatedAt: at, history: new Map() };
      all.set(record.id, record);
      records.change(record, properties, at);
      return record;
    },
    change(record, properties, at = clock.now()) {
      const changed = Object.entries(properties).filter(([key, value]) => (records.value(record, key) ?? '') !== value);
      for (const [key, value] of changed) {
        const entries = record.history.get(key) ?? [];
        record.history.set(key, [{ value, at }, ...entries]);
      }
      // HubSpot counts a write as a change even where it writes what was there.
      if (at > record.updatedAt) record.updatedAt = at;
      return changed.map(([key]) => key);
    },
    value(record, key) {
      const computed = COMPUTED[name][key]?.(record, records);
      if (computed !== undefined) return computed;
      const value = record.history.get(key)?.[0]?.value;
      return value === undefined || value === '' ? null : value;
    },
  };
  return records;
}

type Compute = (record: FakeRecord, records: Records) => string;

const both: Record<string, Compute> = {
  hs_object_id: ({ id }) => id,
  createdate: ({ createdAt }) => createdAt.toISOString(),
};

const COMPUTED: Record<ObjectName, Record<string, Compute>> = {
  contacts: { ...both, lastmodifieddate: ({ updatedAt }) => updatedAt.toISOString() },
  deals: {
    ...both,
    hs_lastmodifieddate: ({ updatedAt }) => updatedAt.toISOString(),
    hs_is_closed_won: (record, records) => String(records.value(record, 'dealstage') === 'closedwon'),
    hs_is_closed: (record, records) => String(records.value(record, 'dealstage')?.startsWith('closed') === true),
  },
};

export function isComputed(name: ObjectName, property: string): boolean {
  return Object.hasOwn(COMPUTED[name], property);
}
