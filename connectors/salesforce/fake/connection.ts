/** The real connector on the fake, with a vault in memory: for tests that need no database. */
import type { Connector, Credentials } from '@rekindle/core';
import { salesforceConnector, type SalesforceOptions } from '../src/index.ts';
import type { SalesforceFake } from './server.ts';

export interface MemoryVault extends Credentials {
  /** What is kept now */
  kept: unknown;
}

export function memoryVault(): MemoryVault {
  const vault: MemoryVault = {
    kept: undefined,
    read: () => Promise.resolve(vault.kept),
    renew: async (renew) => (vault.kept = await renew(vault.kept)),
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
