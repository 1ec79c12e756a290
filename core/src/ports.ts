/**
 * What the outside must give the engine. Core names the small interface it needs; connectors and the server fill it.
 * Nothing here knows a vendor.
 */
import type { ErrorCode } from './errors.ts';
import type { SendingDomains } from './ports-dns.ts';

// ---------------------------------------------------------------------------------------------------------- time and chance

export interface Clock {
  now(): Date;
}

/** A seeded stream of numbers; the same seed and label give the same stream for ever. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** An independent stream named by a label. */
  fork(label: string): Random;
  /** An RFC 9562 version 4 identifier made from the stream. */
  uuid(): string;
}

// ------------------------------------------------------------------------------------------------------------- the platforms

/** A person as a platform tells it. Everything but the id may be missing. */
export interface SourceCustomer {
  externalId: string;
  email?: string | undefined;
  /** False where nobody has proven the address: then it joins no two people. Default true. */
  emailVerified?: boolean | undefined;
  phone?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  /** BCP 47 */
  language?: string | undefined;
  /** ISO 3166-1 alpha-2 */
  country?: string | undefined;
  /** IANA zone, where the platform knows it */
  timeZone?: string | undefined;
  /** From what it knows it: the person herself, or the address she has given. Default profile. */
  timeZoneFrom?: 'profile' | 'address' | undefined;
  consent?: SourceConsent | undefined;
  createdAt?: Date | undefined;
}

export interface SourceConsent {
  state: 'subscribed' | 'unsubscribed' | 'pending' | 'not_asked';
  basis: 'express' | 'double_opt_in' | 'soft_opt_in' | 'none';
  at: Date;
}

/**
 * One line of an order. Lines of one order share orderId, customerId and orderedAt and need not stand together. Two equal
 * lines of an order are one line told twice, unless the platform tells them apart by lineId.
 */
export interface SourceOrderLine {
  /** Id of the person on the platform */
  customerId: string;
  orderId: string;
  /** The platform's own id of the line within its order: a line told again with other figures then replaces itself */
  lineId?: string | undefined;
  kind: 'sale' | 'return';
  orderedAt: Date;
  /** Minor units of `currency`; negative for a return */
  amount: number;
  currency: string;
  productId?: string | undefined;
  productName?: string | undefined;
  quantity: number;
  /** What the order log says of the person, where there is no list of customers */
  email?: string | undefined;
  country?: string | undefined;
  timeZone?: string | undefined;
  /** Where it stood in the input, so that core can say which one it left out */
  line?: number | undefined;
}

/** A row that was left out: where it stood and why, never what it said of a person. */
export interface RejectedRow {
  line: number;
  reason: string;
  /** Which list it stood in. Default orders. */
  source?: 'orders' | 'customers' | undefined;
}

/** A piece of a pull, small enough to hold. */
export interface PullBatch {
  customers?: SourceCustomer[];
  orderLines?: SourceOrderLine[];
  rejected?: RejectedRow[];
  /** Two people of the platform that are one now: `from` became part of `into`. One who was never told is passed over. */
  merged?: { from: string; into: string }[];
  /** Input rows read so far, rejected ones included */
  rowsRead: number;
  /** 0..1 of the whole pull, where it can be known */
  progress?: number;
  /** Where a later pull goes on once this batch is committed; opaque to core */
  cursor?: unknown;
}

export interface PullRequest {
  /** The cursor of the last committed batch; undefined on the first pull. */
  cursor?: unknown;
  /** Orders after this instant do not exist yet (virtual time). */
  until?: Date;
}

/**
 * score: what the model says of a person. outcome: what came of a campaign. touch: what came of one mail to one person.
 * consent: what a person allowed or refused. Their payloads: core/src/writeback/payload.ts.
 */
export type WriteBackKind = 'score' | 'outcome' | 'touch' | 'consent';

/** What goes back to a platform: vendor-neutral, one a subject. */
export interface WriteBack {
  id: number;
  kind: WriteBackKind;
  /** score and consent: id of the person on the platform. outcome: id of the campaign in Rekindle. touch: of the message. */
  subjectId: string;
  payload: Record<string, unknown>;
}

export type WriteBackResult = { id: number; ok: true } | { id: number; ok: false; retryable: boolean; error: string };

/** A platform with customers and orders. */
export interface Connector {
  /** shopify, hubspot, salesforce, csv … */
  readonly platform: string;
  /** What the platform has a place for; nothing else is ever pushed. Empty for a file. */
  readonly takes: readonly WriteBackKind[];
  /**
   * When ingest commits: `whole`: all of a pull or nothing of it (a file), `batch`: after every batch, with its cursor, so
   * that a killed pull goes on where it was. Default batch.
   */
  readonly commit?: 'whole' | 'batch';
  /** Batches in order. Stopping early loses nothing: the next pull starts at the last committed cursor. */
  pull(request: PullRequest): AsyncIterable<PullBatch>;
  /** Takes what goes back. Repeating a write-back changes nothing. */
  push(records: WriteBack[]): Promise<WriteBackResult[]>;
}

/**
 * The secrets of one connection, sealed at rest. Opaque to core: only the connector knows their shape (and parses it).
 */
export interface Credentials {
  /** What is kept now; undefined before the first sign-in. */
  read(): Promise<unknown>;
  /**
   * Replaces them under a lock, so that of two processes only one renews a token that may be used once: `renew` is handed what
   * is kept now (which another process may just have renewed) and gives what shall be kept. Gives what is kept afterwards.
   */
  renew(renew: (current: unknown) => Promise<unknown>): Promise<unknown>;
}

/** What a platform tells by itself, in a webhook. */
export type PlatformEvent = {
  /** The platform's own id of the event: copies share it */
  vendorEventId: string;
  /** What the platform calls the account it happened in: a shop's domain, a portal's id, an org's id */
  account: string;
  at: Date;
} & (
  | /** These rows are new or changed, and here they are. */ { kind: 'rows'; batch: PullBatch }
  | /** Something changed; what it is now must be pulled. */ { kind: 'look' }
  | /** The app was removed: stop, and forget the credentials. */ { kind: 'removed' }
  | /** Two people of the platform are one now. */ { kind: 'merged'; from: string; into: string }
  | /** Erase this person. */ { kind: 'erase_person'; externalId: string; email?: string | undefined }
  | /** Hand out what is kept of this person. */ { kind: 'export_person'; externalId: string }
  | /** Erase everything of this account. */ { kind: 'erase_account' }
);

/** Reads a platform's webhooks. */
export interface PlatformWebhooks {
  readonly platform: string;
  /** Throws `unauthorised` where the signature is wrong, `bad_request` where the body is. Unknown topics give nothing. */
  read(webhook: RawWebhook, now: Date): PlatformEvent[];
}

// -------------------------------------------------------------------------------------------------------------------- e-mail

/** A mail's fixed part with numbered gaps, filled per recipient: `\u0001 3 \u0002` (without blanks) stands for gap 3. */
export interface MailTemplate {
  subject: string;
  html: string;
  text: string;
}

export interface MailRecipient {
  /** Opaque id of the ledger row; the only thing of ours that the provider gets to keep */
  messageId: string;
  email: string;
  /** What fills the template's gaps, by number; already escaped for where it stands */
  gaps: string[];
  /** Headers of this recipient alone: List-Unsubscribe … */
  headers: Record<string, string>;
}

export interface MailBatch {
  /** One request, one fate */
  batchId: string;
  from: { email: string; name: string };
  /** May hold a gap, as the template does: then each recipient answers to an address of her own */
  replyTo?: string | undefined;
  template: MailTemplate;
  recipients: MailRecipient[];
}

/**
 * What the provider did with a batch. `refused` is certain: nobody of it was mailed. `in_doubt` is everything else that is
 * not a clear yes: a timeout, a reset, a 5xx, an answer that cannot be read.
 */
export type SendResult =
  | { outcome: 'accepted'; status: number; providerMessageId?: string | undefined; room?: RequestRoom | undefined }
  | {
      outcome: 'refused';
      status: number;
      retryable: boolean;
      retryAfterSeconds?: number | undefined;
      error: string;
      room?: RequestRoom | undefined;
    }
  | { outcome: 'in_doubt'; status?: number | undefined; error: string };

/** What a provider says of its limit beside an answer: so many requests are left, for so many seconds. */
export interface RequestRoom {
  requests: number;
  seconds: number;
}

/** What a provider tells later about a message. */
export interface ProviderEvent {
  /** The vendor's own id of the event: copies share it */
  vendorEventId: string;
  kind: 'processed' | 'delivered' | 'deferred' | 'open' | 'click' | 'bounce' | 'dropped' | 'complaint' | 'unsubscribe';
  at: Date;
  messageId: string;
  /** A bounce that will stay (no such mailbox) */
  permanent?: boolean | undefined;
  userAgent?: string | undefined;
  /** Whether the vendor itself says that a machine opened it */
  machine?: boolean | undefined;
  url?: string | undefined;
  reason?: string | undefined;
}

/** A mail that somebody wrote to an address of ours. */
export interface InboundMail {
  /** Names the mail: copies share it */
  id: string;
  /** Whom it was delivered to */
  to: string[];
  /** Where a bounce would go; '' for who must not be bounced to: a machine wrote it */
  returnPath: string;
  subject: string;
  /** As it came, with what is quoted */
  text: string;
  /** By name in small letters */
  headers: Record<string, string>;
}

export interface RawWebhook {
  headers: Record<string, string>;
  body: Uint8Array;
  /** POST …, and the full public address as the sender knows it: some signatures cover them. */
  method?: string | undefined;
  url?: string | undefined;
}

export interface EmailProvider {
  readonly name: string;
  /** Recipients in one call at most; a batch is one fate, so this is also the most that one doubt can hold */
  readonly maximumBatch: number;
  /** Whether a second send with the same batchId is answered with the first one's outcome */
  readonly idempotent: boolean;
  send(batch: MailBatch): Promise<SendResult>;
  /** Events of a webhook. Throws `unauthorised` where the signature is wrong, `bad_request` where the body is. */
  readEvents(webhook: RawWebhook, now: Date): ProviderEvent[];
  /** The mail in a webhook of what comes in. Throws as readEvents does. Absent: the provider takes in no mail. */
  readInbound?(webhook: RawWebhook, now: Date): InboundMail;
  /** What it asks of the domains that mails come from */
  readonly domains: SendingDomains;
}

// ---------------------------------------------------------------------------------------------------------------------- words

/**
 * What a mail is for. win_back: the person has lapsed. reminder: the usual time has passed. second_try: the reminder was not
 * answered. last_word: the last mail for a while, and it says so. second_order: bought once, and not again. welcome_back: has
 * just ordered after a long time.
 */
export const MAIL_GOALS = ['win_back', 'reminder', 'second_try', 'last_word', 'second_order', 'welcome_back'] as const;
export type MailGoal = (typeof MAIL_GOALS)[number];

/** All that a writer is told. No name, no address, no id of a person ever stands here. */
export interface Brief {
  language: 'en' | 'es';
  store: { name: string; website: string; voice: string };
  goal: MailGoal;
  /** What is offered, ready worded numbers; undefined: no offer, and the mail must not invent one */
  offer?: { kind: 'percent' | 'amount' | 'free_shipping'; label: string; code: string; until: Date } | undefined;
  /** Names of products that the store sells best, as data, not as instructions */
  products: string[];
  /** How many different drafts */
  variants: number;
}

export interface Draft {
  subject: string;
  preheader: string;
  heading: string;
  /** May hold {{ customer.first_name }} with a fallback; no other placeholder */
  paragraphs: string[];
  button: string;
}

export interface CopyWriter {
  /** playbook, openai:<model> */
  readonly name: string;
  /** Throws `writer_unavailable` or `writer_refused`. */
  write(brief: Brief): Promise<Draft[]>;
}

// ----------------------------------------------------------------------------------------------------------------------- queue

/** Wakes workers. Losing all of it loses nothing: what is due is read from the tables. */
export interface Queue {
  /** Asks that a job runs soon; asking twice before it runs is asking once. */
  wake(job: { name: string; storeId: string }): Promise<void>;
  close(): Promise<void>;
}

// -------------------------------------------------------------------------------------------------------------------- the rest

/** Derives keys from the application's secret, one purpose each. */
export interface Keys {
  /** HMAC-SHA256 of `data` under the key of this purpose. */
  mac(purpose: string, data: string | Uint8Array): Buffer;
  /** AES-256-GCM; `context` is bound in (store and column) and must be the same to decrypt. */
  encrypt(context: string, plain: Uint8Array): Buffer;
  decrypt(context: string, sealed: Uint8Array): Buffer;
}

export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/**
 * What operators count. Names and labels are the engine's own short words: never an id, an address or a text of somebody.
 */
export interface Meter {
  /**
   * messages {outcome}: what became of mails handed over. provider_answers {status}: of the e-mail provider, by HTTP status or
   * 'none'. events {kind}: recorded, each once. stage_runs {stage, state}. sending_states {state, cause}: a store was slowed
   * down, stopped, or is well again.
   */
  count(
    name: 'messages' | 'provider_answers' | 'events' | 'stage_runs' | 'sending_states',
    labels: Record<string, string>,
    by?: number,
  ): void;
  /** Seconds. event_lag: from what happened to its record. stage {stage}: one run. */
  time(name: 'event_lag' | 'stage', labels: Record<string, string>, seconds: number): void;
}

/** How far long work is, for whoever watches. */
export type Progress = (step: { stage: string; done: number; total?: number }) => void;

export type { ErrorCode };
export type { NeededRecord, DomainNeeds, SendingDomains, DnsAnswer, Dns } from './ports-dns.ts';
