/**
 * May a mail of this store start? Asked in the transaction that claims it, and before a person approves a campaign. Closed
 * until a look has passed: a domain that nobody looked at is not one that passes.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { domainOf } from './alignment.ts';
import { readCheck, saveCheck, type DomainCheck } from './domain.store.ts';

export type Gate =
  | { open: true; /** null: no mail leaves the machine, so nothing is asked */ check: DomainCheck | null }
  | { open: false; check: DomainCheck };

/** Who asks; where nothing leaves the machine there is nobody to send and nothing to look up. */
type Asking = Pick<Engine, 'clock'> & (Pick<Engine, 'dns' | 'email'> | { dns: null });

/** Notes that a look is due where the one that stands is of another domain or provider. */
export async function domainGate(engine: Asking, tx: StoreTransaction, store: Store): Promise<Gate> {
  if (engine.dns === null) return { open: true, check: null };
  const { check, fresh } = await checkOf(engine, tx, store);
  if (fresh) await saveCheck(tx, check);
  return gateOf(check);
}

/** The same for whoever only wants to show it: writes nothing. */
export async function readGate(engine: Engine, tx: StoreTransaction): Promise<Gate> {
  if (engine.dns === null) return { open: true, check: null };
  return gateOf((await checkOf(engine, tx, await loadStore(tx))).check);
}

function gateOf(check: DomainCheck): Gate {
  return check.holds ? { open: false, check } : { open: true, check };
}

async function checkOf(
  engine: Pick<Engine, 'clock' | 'email'>,
  tx: StoreTransaction,
  { sender }: Store,
): Promise<{ check: DomainCheck; fresh: boolean }> {
  const domain = domainOf(sender.email) ?? '';
  const provider = engine.email.name;
  const known = await readCheck(tx);
  if (known?.domain === domain && known.provider === provider) return { check: known, fresh: false };
  const nothing = { holds: true, report: null, checkedAt: null, passedAt: null };
  return { check: { domain, provider, state: 'unchecked', ...nothing, nextCheckAt: engine.clock.now() }, fresh: true };
}
