/** What every page knows of its store, and the moment it was read at. Nothing that a browser may not see. */
import type { Store } from '../accounts/index.ts';

export interface StoreFacts {
  id: string;
  name: string;
  /** ISO 4217 */
  currency: string;
  /** IANA */
  timeZone: string;
  /** BCP 47 */
  language: string;
  /** Made-up customers: every page says so. */
  simulated: boolean;
  /** The engine's clock, which in a demo is not the wall's */
  now: Date;
}

export function factsOf(store: Store, now: Date): StoreFacts {
  const { id, name, currency, timeZone, language, simulated } = store;
  return { id, name, currency, timeZone, language, simulated, now };
}
