/** What a rule would mean, before anybody saves it: how many, and some of them with the reason they are in. */
import type { Engine } from '../engine.ts';
import { whyIn } from './evaluate.ts';
import { samplePeople } from './facts.store.ts';
import type { Facts } from './facts.ts';
import { conditions, type RankField, type Rule } from './rule.ts';
import { countRule, loadThreshold, ruleScope } from './segment.store.ts';

export interface PreviewedPerson {
  customerId: string;
  firstName: string | null;
  lastName: string | null;
  facts: Facts;
  /** The parts of the rule that put this person in; ruleSentence gives their words. */
  why: Rule[];
}

/** How many people a rule means at this moment. */
export function countSegment(engine: Engine, storeId: string, rule: Rule): Promise<number> {
  return engine.database.inStore(storeId, async (tx) => countRule(tx, rule, await ruleScope(tx)));
}

/** The count and a sample, most value at risk first. `limit` 20 unless said, 100 at most. */
export function previewSegment(
  engine: Engine,
  storeId: string,
  rule: Rule,
  options: { limit?: number } = {},
): Promise<{ count: number; sample: PreviewedPerson[] }> {
  return engine.database.inStore(storeId, async (tx) => {
    const scope = await ruleScope(tx);
    const thresholds = new Map<string, number | null>();
    for (const one of conditions(rule))
      if (one.op === 'top')
        thresholds.set(name(one.field, one.value), await loadThreshold(tx, one.field, one.value, scope));
    const people = await samplePeople(tx, rule, scope, Math.min(options.limit ?? 20, 100));
    const sample = people.map((person) => ({
      ...person,
      why: whyIn(rule, person.facts, (field, share) => thresholds.get(name(field, share)) ?? null),
    }));
    return { count: await countRule(tx, rule, scope), sample };
  });
}

function name(field: RankField, share: number): string {
  return `${field} ${String(share)}`;
}
