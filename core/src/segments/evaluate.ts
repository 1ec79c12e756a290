/** A rule applied to one person in plain JavaScript: says why somebody is in, and is what the SQL is tested against. */
import type { Facts, Thresholds } from './facts.ts';
import { partsOf, type Condition, type Rule } from './rule.ts';

export function holds(rule: Rule, facts: Facts, thresholds: Thresholds): boolean {
  const parts = partsOf(rule);
  if (!parts) return conditionHolds(rule as Condition, facts, thresholds);
  if (parts.how === 'all') return parts.rules.every((one) => holds(one, facts, thresholds));
  const some = parts.rules.some((one) => holds(one, facts, thresholds));
  return parts.how === 'any' ? some : !some;
}

/** The parts of the rule that put this person in, smallest first; empty where she is not in. */
export function whyIn(rule: Rule, facts: Facts, thresholds: Thresholds): Rule[] {
  if (!holds(rule, facts, thresholds)) return [];
  const parts = partsOf(rule);
  if (!parts || parts.how === 'not') return [rule];
  return parts.rules.flatMap((one) => whyIn(one, facts, thresholds));
}

function conditionHolds(condition: Condition, facts: Facts, thresholds: Thresholds): boolean {
  switch (condition.op) {
    case 'is':
      return facts[condition.field] === condition.value;
    case 'in':
      return isIn(condition, facts);
    case 'top': {
      const figure = facts[condition.field];
      const threshold = thresholds(condition.field, condition.value);
      return figure !== null && threshold !== null && figure >= threshold;
    }
    default: {
      const figure = facts[condition.field];
      if (figure === null) return false;
      if (condition.op === 'at_least') return figure >= condition.value;
      if (condition.op === 'at_most') return figure <= condition.value;
      return figure >= condition.value[0] && figure <= condition.value[1];
    }
  }
}

function isIn(condition: Extract<Condition, { op: 'in' }>, facts: Facts): boolean {
  switch (condition.field) {
    case 'life_stage':
      return condition.value.some((stage) => stage === facts.life_stage);
    case 'country':
      return facts.country !== null && condition.value.includes(facts.country);
    case 'language':
      return facts.language !== null && condition.value.includes((facts.language.split('-')[0] ?? '').toLowerCase());
    case 'bought_product': {
      const { value, withinDays = Infinity } = condition;
      return facts.bought.some((one) => value.includes(one.productId) && one.daysAgo <= withinDays);
    }
  }
}
