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
  | { open: true; /** Nothing leaves the machine, so nothing is asked */ exempt: boolean }
  | { open: false; check: DomainCheck };

/** Writes a check that is due where the one that stands is of another domain or provider. */
export async function domainGate(engine: Engine, tx: StoreTransaction, store: Store): Promise<Gate> {
  if (engine.dns === null) return { open: true, exempt: true };
  const check = await currentCheck(engine, tx, store);
  return check.holds ? { open: false, check } : { open: true, exempt: false };
}

async function currentCheck(engine: Engine, tx: StoreTransaction, store: Store): Promise<DomainCheck> {
  const domain = domainOf(store.sender.email) ?? '';
  const known = await readCheck(tx);
  if (known?.domain === domain && known.provider === engine.email.name) return known;
  const fresh = unchecked(domain, engine.email.name, engine.clock.now());
  await saveCheck(tx, fresh);
  return fresh;
}

/** As a store begins with a domain. */
export function unchecked(domain: string, provider: string, now: Date): DomainCheck {
  return {
    domain,
    provider,
    state: 'unchecked',
    holds: true,
    report: null,
    checkedAt: null,
    passedAt: null,
    nextCheckAt: now,
  };
}

/** The gate of a store, for whoever only wants to show it: writes nothing. */
export async function readGate(engine: Engine, tx: StoreTransaction): Promise<Gate> {
  if (engine.dns === null) return { open: true, exempt: true };
  const { sender } = await loadStore(tx);
  const domain = domainOf(sender.email) ?? '';
  const known = await readCheck(tx);
  const check =
    known?.domain === domain && known.provider === engine.email.name
      ? known
      : unchecked(domain, engine.email.name, engine.clock.now());
  return check.holds ? { open: false, check } : { open: true, exempt: false };
}
