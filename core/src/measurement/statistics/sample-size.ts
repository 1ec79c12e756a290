/** How many people an experiment needs. Pure mathematics. */
import { normalQuantile } from './normal.ts';

export interface SampleSizeQuestion {
  /** Smallest difference to find, in the outcome's own unit */
  effect: number;
  /** Variance of one person; p(1 - p) for a proportion */
  variance: number;
  /** Two-sided. Default .05 */
  alpha?: number | undefined;
  /** Default .8 */
  power?: number | undefined;
  /** Share of people in each arm, the control first. Default: two halves. */
  allocation?: number[] | undefined;
  /** Which pairs of arms must each have the power. Default: the control against every other. */
  comparisons?: 'control_vs_all' | 'all_vs_all' | undefined;
}

/** People in all arms together, so that the weakest of the compared pairs has the power; not corrected for their number. */
export function sampleSize(question: SampleSizeQuestion): number {
  const { effect, variance, alpha = 0.05, power = 0.8, allocation = [0.5, 0.5] } = question;
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  const firsts = question.comparisons === 'all_vs_all' ? allocation.length - 1 : 1;
  let most = 0;
  for (let i = 0; i < firsts; i++) {
    for (let j = i + 1; j < allocation.length; j++) most = Math.max(most, 1 / allocation[i]! + 1 / allocation[j]!);
  }
  return Math.ceil((z / effect) ** 2 * variance * most);
}
