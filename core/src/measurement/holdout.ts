/**
 * How many people to hold back: the smallest share with which the effect that the merchant cares about would be found. The
 * calculation uses the width of the interval that will judge the campaign (always valid, hence wider than a plain test's).
 */
import { normalCdf, normalQuantile } from './statistics/normal.ts';
import { sequenceWidth, tuneRho } from './statistics/sequence.ts';

/** Less than this leaves too few people to compare with; more would cost more sales than it teaches. */
export const SMALLEST_HOLDOUT = 0.05;
export const LARGEST_HOLDOUT = 0.5;

export interface HoldoutQuestion {
  /** People in the draw: treated and holdout together. */
  audience: number;
  /** What is measured per person: a share who do something, or an amount with its variance. */
  outcome: { baselineRate: number } | { mean: number; variance: number };
  /** The effect to find, per person, in the outcome's own unit: .01 = one more person in a hundred; or minor units. */
  effect: number;
  /** Chance to find it. Default .8 */
  power?: number;
  /** Chance of a false alarm, two-sided. Default .05 */
  alpha?: number;
}

export interface HoldoutProposal {
  /** .05 to .5 */
  share: number;
  /** Chance to find the effect with that share. */
  power: number;
  /** Smallest effect found with the asked power at that share. */
  detectableEffect: number;
  /** Whether the share is enough: false where even half the audience would not be. */
  enough: boolean;
}

/** The smallest share that finds the stated effect with the stated power, between .05 and .5. */
export function proposeHoldout(question: HoldoutQuestion): HoldoutProposal {
  const { audience, effect, power = 0.8, alpha = 0.05 } = question;
  const width = sequenceWidth(1, tuneRho(alpha, 1), alpha);
  const [heldVariance, treatedVariance] = variances(question.outcome, effect);
  const needed = audience * (effect / (width + normalQuantile(power))) ** 2;
  const share = Math.min(
    LARGEST_HOLDOUT,
    Math.max(SMALLEST_HOLDOUT, smallestShare(heldVariance, treatedVariance, needed)),
  );
  const standardError = Math.sqrt((heldVariance / share + treatedVariance / (1 - share)) / audience);
  const reached = normalCdf(Math.abs(effect) / standardError - width);
  return {
    share,
    power: reached,
    detectableEffect: (width + normalQuantile(power)) * standardError,
    enough: reached >= power - 1e-9,
  };
}

function variances(outcome: HoldoutQuestion['outcome'], effect: number): [number, number] {
  if ('variance' in outcome) return [outcome.variance, outcome.variance];
  const treated = Math.min(1, Math.max(0, outcome.baselineRate + effect));
  return [outcome.baselineRate * (1 - outcome.baselineRate), treated * (1 - treated)];
}

/** Smallest h with held/h + treated/(1-h) ≤ needed: the lower root of needed·h² + (treated - held - needed)·h + held = 0. */
function smallestShare(held: number, treated: number, needed: number): number {
  const b = treated - held - needed;
  const discriminant = b * b - 4 * needed * held;
  if (!(needed > 0) || discriminant < 0 || b >= 0) return LARGEST_HOLDOUT;
  return (2 * held) / (-b + Math.sqrt(discriminant));
}
