/** What a look at a sending domain found: the records that must stand there, what stands there, and what follows. */
import type { NeededRecord } from '../ports.ts';

/** silent: nobody could say. It neither passes nor fails. */
export type LookState = 'passes' | 'fails' | 'silent';

export type Problem =
  | 'missing'
  /** Something else stands there */
  | 'other_value'
  /** Two SPF or DMARC records: receivers take neither */
  | 'two_records'
  /** The SPF record does not name the provider */
  | 'not_named'
  /** SPF asks more than ten further questions: receivers give up (RFC 7208, 4.6.4) */
  | 'too_many_lookups'
  /** SPF lets everybody send (+all) */
  | 'lets_everybody'
  | 'bad_record'
  | 'weak_key'
  /** The key was taken back (p= is empty) */
  | 'revoked_key'
  /** Neither the bounce address nor the signature belongs to the domain of the sender */
  | 'not_aligned'
  | 'silent';

export interface SeenRecord {
  type: NeededRecord['type'];
  host: string;
  /** What to write there; '' where only the mail server knows it */
  value: string;
  /** What stands there now */
  found: string[];
  state: LookState;
  problem: Problem | null;
}

export type RowName = 'spf' | 'dkim' | 'dmarc';

export interface DomainRow {
  name: RowName;
  state: LookState;
  records: SeenRecord[];
}

/** What stops mails, whatever the records say. */
export type Blocker =
  /** The store has not said from which address it writes */
  | 'no_sender'
  /** A domain of a mailbox provider: nobody may send in its name */
  | 'mailbox_domain'
  /** The provider does not know the domain */
  | 'not_added'
  /** The records stand, and the provider has not seen them yet */
  | 'not_verified'
  /** Another organisation sends from it */
  | 'taken'
  | 'provider_silent';

export interface DomainReport {
  domain: string;
  provider: string;
  state: LookState;
  blocker: Blocker | null;
  rows: DomainRow[];
}

/** The worst of several: one that fails fails them all. */
export function worst(states: LookState[]): LookState {
  if (states.includes('fails')) return 'fails';
  return states.includes('silent') ? 'silent' : 'passes';
}
