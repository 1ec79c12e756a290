/** The real connector on the fake, with a vault in memory: for tests that need no database. */
import type { Connector, Credentials } from '@rekindle/core';
import { salesforceConnector, type SalesforceOptions } from '../src/index.ts';
import type { SalesforceFake } from './server.ts';

export interface MemoryVault extends Credentials {
  /** What is kept now */
  kept: unknown;
}

export function memoryVault(): MemoryVault {
  let last: Promise<unknown> = Promise.resolve();
  const vault: MemoryVault = {
    kept: undefined,
    read: () => Promise.resolve(vault.kept),
    renew: (renew) => {
      // One after the other, as under the real vault's lock.
      const next = last.catch(() => undefined).then(async () => (vault.kept = await renew(vault.kept)));
      last = next;
      return next;
    },
  };
  return vault;
}

/** A connector as another process would make it: only the vault and the fake are shared. Waits are not waited for. */
export function connectTo(
  fake: SalesforceFake,
  options: Pick<SalesforceOptions, 'clock'> & Partial<SalesforceOptions>,
): Connector {
  return salesforceConnector({
    app: { clientId: fake.clientId, privateKey: fake.privateKey, loginUrl: fake.url },
    account: fake.account,
    settings: { username: fake.username, currency: 'EUR' },
    credentials: memoryVault(),
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    ...options,
  });
}
