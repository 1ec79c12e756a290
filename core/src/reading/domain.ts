/** How the domain stands that a store's mails come from. Reads only. */
import { loadStore } from '../accounts/index.ts';
import { readGate, type DomainCheck } from '../domain/index.ts';
import type { Engine } from '../engine.ts';
import { factsOf, type StoreFacts } from './facts.ts';

export interface DomainPage {
  store: StoreFacts;
  sender: { name: string; email: string; replyTo: string };
  /** Who sends: sendgrid, resend, smtp */
  provider: string;
  /** No mail leaves the machine, so no domain is asked for */
  exempt: boolean;
  /** Null where exempt */
  check: DomainCheck | null;
  /** Whether the domain can be made known to the provider from here */
  mayAdd: boolean;
}

export function readDomain(engine: Engine, storeId: string): Promise<DomainPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const gate = await readGate(engine, tx);
    const { name, email, replyTo } = store.sender;
    const exempt = gate.check === null;
    return {
      store: factsOf(store, engine.clock.now()),
      sender: { name, email, replyTo },
      provider: exempt ? '' : engine.email.name,
      exempt,
      check: gate.check,
      mayAdd: !exempt && engine.email.domains.add !== undefined,
    };
  });
}
