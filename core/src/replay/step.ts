/**
 * What an explanation is made of: steps in the order in which the engine took them, each with what is stored and what comes
 * out when it is done again. Pure. Never holds personal data beyond ids.
 */

export const STEP_NAMES = [
  'data',
  'score',
  'life_stage',
  'segment',
  'consent_at_plan',
  'limits_at_plan',
  'holdout',
  'variant',
  'offer',
  'hour',
  'consent_at_hand_over',
  'last_checks',
  'outcome',
  'events',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
type Shown = { [key: string]: Value };

export interface Step {
  step: StepName;
  /** Sentences for a shopkeeper */
  what: string[];
  /** What the tables say; null: nothing is stored (any more) */
  stored: Shown | null;
  /** The same, done again; null: it cannot be */
  recomputed: Shown | null;
  same: boolean;
  /** Why it is not the same, or cannot be done again; null: it is the same */
  because: string | null;
}

/** Keeps sentences, stored and recomputed together and judges whether they are the same. */
export function stepOf(
  step: StepName,
  what: string[],
  given: {
    stored: Shown | null;
    recomputed: Shown | null;
    /** Said where the two differ */
    differs?: string;
    /** Why it cannot be done again, or not with certainty: then it is not the same, whatever the values are */
    cannot?: string | undefined;
  },
): Step {
  const { stored, recomputed, cannot } = given;
  const equal = stored !== null && recomputed !== null && isSame(stored, recomputed);
  const because = cannot ?? (equal ? null : (given.differs ?? 'What is stored is not what comes out.'));
  return { step, what, stored, recomputed, same: because === null, because };
}

/** The numbers of a score are compared to the last digit that is stored; one unit of it may be the rounding's. */
const TOLERANCE: Record<string, number> = {
  p_alive: 1e-4,
  p_return_90: 1e-4,
  expected_orders_90: 1e-4,
  expected_orders_365: 1e-4,
  expected_value_90: 1,
  expected_value_365: 1,
  value_at_risk: 1,
  usual_interval_days: 0.1,
};
/** In words, for the step that uses it. */
export const TOLERANCE_WORDS =
  'Compared to the last digit stored: a ten-thousandth of a chance, one minor unit of money, a tenth of a day.';

function isSame(one: Value, other: Value, key = ''): boolean {
  if (typeof one === 'number' && typeof other === 'number')
    return one === other || Math.abs(one - other) <= (TOLERANCE[key] ?? 0) * 1.0000001;
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [one as Shown, other as Shown];
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const [a, b] = [left[name], right[name]];
    return a !== undefined && b !== undefined && isSame(a, b, name);
  });
}

/** An instant as it stands in an explanation. */
export function instant(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}
