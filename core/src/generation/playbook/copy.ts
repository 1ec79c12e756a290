/** The form of the built-in mails: a text per goal and kind, made from a few facts. */
import type { Brief, Draft } from '../../ports.ts';

/** What a text may speak of; the offer ready worded. */
export interface CopyFacts {
  store: string;
  offer?: { label: string; code: string; until: string } | undefined;
  /** The best seller, if there is one that may be named */
  product?: string | undefined;
}

export type Copy = Record<Brief['goal'], Record<'reminder' | 'products', (facts: CopyFacts) => Draft>>;
