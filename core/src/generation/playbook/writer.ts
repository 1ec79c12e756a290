/** The writer that needs nobody: two honest mails a goal, one that reminds and one that shows products. */
import type { Brief, CopyWriter, Draft } from '../../ports.ts';
import { dayLabel } from '../words.ts';
import type { Copy, CopyFacts } from './copy.ts';
import { en } from './en.ts';
import { es } from './es.ts';

const COPY: Record<Brief['language'], Copy> = { en, es };

export const playbookWriter: CopyWriter = {
  name: 'playbook',
  write: (brief) => Promise.resolve(writeFromPlaybook(brief)),
};

/** Two drafts, or one where one is asked for. Never fails. */
export function writeFromPlaybook(brief: Brief): Draft[] {
  const { offer } = brief;
  const facts: CopyFacts = {
    store: brief.store.name,
    offer: offer && { label: offer.label, code: offer.code, until: dayLabel(offer.until, brief.language) },
    product: brief.products[0],
  };
  const copy = COPY[brief.language][brief.goal];
  return [copy.reminder(facts), copy.products(facts)].slice(0, brief.variants);
}
