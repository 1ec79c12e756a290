/** An engine to test with: a clock that stands, seeded chance, a log that keeps its lines. The outside is given, or refuses. */
import type { Database } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { keysFrom } from '../keys.ts';
import type { Connector, CopyWriter, Dns, EmailProvider, Log, PlatformWebhooks } from '../ports.ts';
import { seededRandom } from '../random.ts';
import { fakeClock, type FakeClock } from './clock.ts';

export interface EngineOptions {
  now?: Date | string;
  seed?: number;
  email?: EmailProvider;
  writer?: CopyWriter;
  /** Without it no domain is asked for, as where no mail leaves the machine */
  dns?: Dns;
  /** Connectors by platform */
  connectors?: Record<string, Connector>;
  /** Readers of webhooks by platform */
  webhooks?: Record<string, PlatformWebhooks>;
}

export interface TestEngine extends Engine {
  readonly clock: FakeClock;
  /** What was logged: `warn a sentence` */
  readonly lines: string[];
}

export function buildEngine(database: Database, options: EngineOptions = {}): TestEngine {
  const lines: string[] = [];
  const log: Log = {
    info: (_, message) => lines.push(`info ${message}`),
    warn: (_, message) => lines.push(`warn ${message}`),
    error: (_, message) => lines.push(`error ${message}`),
  };
  return {
    database,
    lines,
    log,
    clock: fakeClock(options.now ?? '2026-03-01T10:00:00Z'),
    random: seededRandom(options.seed ?? 1),
    keys: keysFrom('a secret of the tests, long enough'),
    email: options.email ?? missing('EmailProvider'),
    dns: options.dns ?? null,
    writer: options.writer ?? missing('CopyWriter'),
    publicUrl: 'https://mail.example',
    webhooks: options.webhooks ?? {},
    connector: ({ platform }) => {
      const connector = options.connectors?.[platform];
      return connector
        ? Promise.resolve(connector)
        : Promise.reject(new Error(`this test has no ${platform} connector`));
    },
  };
}

/** Stands where a test needs none, and says so when it is used after all. */
function missing<Port extends object>(name: string): Port {
  return new Proxy({} as Port, {
    get: (_, property) => {
      throw new Error(`this test has no ${name} (asked for ${String(property)})`);
    },
  });
}
