/**
 * The engine's surroundings in one hand: what every stage gets. Built by server/src/compose.ts, by tests with
 * core/testing. A stage reads time, chance and the outside from here and from nowhere else.
 */
import type { Database } from './database/connect.ts';
import type {
  Clock,
  Connector,
  CopyWriter,
  Dns,
  EmailProvider,
  Keys,
  Log,
  Meter,
  PlatformWebhooks,
  Progress,
  Random,
} from './ports.ts';

export interface Engine {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: Keys;
  readonly email: EmailProvider;
  /**
   * Where the records of sending domains are looked up. null: no mail of this engine leaves the machine (a demo, a test),
   * so none is asked for, and the pages say so. The server gives null for stand-ins only.
   */
  readonly dns: Dns | null;
  readonly writer: CopyWriter;
  readonly log: Log;
  /** Where unsubscribe, click and open addresses live, without a slash at the end. */
  readonly publicUrl: string;
  /** Domain at which answers to mails come back to us; absent: they go to the store's own address. */
  readonly replyDomain?: string | undefined;
  /** Where a page of ours opens for a person of the store, by its connections; absent: nowhere that others can reach. */
  readonly pageAddress?: (
    path: string,
    connections: readonly { platform: string; account: string }[],
  ) => string | undefined;
  /** The connector of one connection, signed in. Throws `not_found` where the platform has no customers (mail, words). */
  connector(connection: {
    id: string;
    storeId: string;
    platform: string;
    account: string;
    settings: unknown;
  }): Promise<Connector>;
  /** Readers of what platforms tell by themselves, by platform */
  readonly webhooks: Readonly<Record<string, PlatformWebhooks>>;
  readonly progress?: Progress;
  /** Absent: nobody counts. */
  readonly meter?: Meter;
  /** Aborted when the process is asked to end: a stage that goes batch by batch stops between two of them. */
  readonly signal?: AbortSignal;
  /** Mails after which one run of delivery ends and says that there are more, so that other stores get their turn. Absent: none. */
  readonly turn?: number;
}

/** What a stage says when it is done: counts by name, for the log, the terminal and stage_runs.report. */
export type StageReport = Record<string, number | string | boolean>;
