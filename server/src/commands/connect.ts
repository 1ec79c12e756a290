/**
 * `connect`: what an administrator does once so that a platform without a sign-in page of its own is read. Nothing is kept
 * before the platform has let us in.
 */
import {
  connectAccount,
  createApiKey,
  fail,
  loadStore,
  pullSoon,
  readApiKeys,
  readConfig,
  type StoreTransaction,
} from '@rekindle/core';
import type { Command } from 'commander';
import { inStore, type AtHand } from './one-store.ts';
import { printResult } from './output.ts';

interface Options {
  username: string;
  store?: string;
  currency?: string;
  loginUrl?: string;
  json?: boolean;
}

const ACTOR = 'user:operator';
/** Milliseconds that Salesforce may take for one answer; a person is waiting. */
const PATIENCE_MS = 30_000;

export function add(program: Command): void {
  program
    .command('connect')
    .description('Connects a store to an account of a platform.')
    .command('salesforce')
    .description('Signs in to a Salesforce organisation, connects it and shows the key for its named credential, once.')
    .requiredOption('--username <name>', 'of the integration user, as she signs in')
    .option('--store <id or name>', 'which store; not needed where there is one')
    .option('--currency <code>', 'of an organisation that has one only; default: the store’s')
    .option('--login-url <url>', 'where that user signs in, if not at SALESFORCE_LOGIN_URL')
    .option('--json', 'print one JSON document')
    .action((options: Options) => salesforce(options));
}

async function salesforce(options: Options): Promise<void> {
  const config = readConfig();
  // Loaded when it runs: no other command should wait for a vendor's library.
  const [{ salesforceApp }, { salesforceFirstSignIn, salesforceSettings }] = await Promise.all([
    import('../platforms.ts'),
    import('@rekindle/connector-salesforce'),
  ]);
  const app = salesforceApp(config);
  await inStore(options.store, async (at, storeId) => {
    const store = await at.database.inStore(storeId, (tx: StoreTransaction) => loadStore(tx));
    const { username, currency = store.currency, loginUrl } = options;
    const parsed = salesforceSettings.safeParse({ username, currency, loginUrl });
    if (!parsed.success)
      throw fail('bad_request', `--${flagOf(parsed.error.issues[0]?.path[0])} is not what Salesforce would call one.`);
    const settings = parsed.data;
    const signInAt = { ...app, loginUrl: settings.loginUrl ?? app.loginUrl };
    const { account, session } = await salesforceFirstSignIn(signInAt, {
      username,
      clock: at.clock,
      timeoutMs: PATIENCE_MS,
    });
    const connection = { storeId, platform: 'salesforce', account, credentials: session, settings, actor: ACTOR };
    const id = await connectAccount(at, connection);
    await pullSoon(at, storeId, id);
    const key = await firstKey(at, storeId, `Salesforce ${account}`);
    printResult(options.json === true, { account, connection: id, store: storeId, key }, [
      `Connected ${store.name} to the Salesforce organisation ${account}. Its first sync begins within a few seconds of a running Rekindle.`,
      ...(key === null
        ? ['Its named credential has a key already (keys list); keys create makes another.']
        : ['ApiKey for the external credential Rekindle, shown this once:', key]),
    ]);
  });
}

/** A key for the organisation's panel; null: one that still works was shown before. */
async function firstKey(at: AtHand, storeId: string, name: string): Promise<string | null> {
  const there = await readApiKeys(at, storeId);
  if (there.some((one) => one.name === name && one.revokedAt === null)) return null;
  return (await createApiKey(at, storeId, name, ACTOR)).key;
}

function flagOf(setting: PropertyKey | undefined): string {
  return setting === 'loginUrl' ? 'login-url' : String(setting);
}
