/**
 * From two arms' sums to the effect per person with an interval that holds at every look. Pure mathematics: knows no campaign,
 * no currency and no table.
 *
 * Why a confidence sequence although nobody joins after the draw: a campaign's people are fixed and what grows is the time
 * that each has been watched. With n people and a share f of the window gone, n·f "watched people" take the place of the
 * sample size. The difference of the arms' sums is then a process whose correlation between two looks is at least that of a
 * random walk in f (equal for memoryless buyers, larger where people differ, which is the rule), and by Slepian's inequality
 * no more likely to leave the boundary. bench/coverage.ts shows it by simulation.
 *
 * Three cautions for spend, which is mostly zero and has a long tail:
 * - one person counts up to a cap that is fixed before the draw's first outcome (see outcomes.store.ts);
 * - the standard error is the larger of the Welch and the pooled one: in a small holdout one large order moves the mean and
 *   the variance together, and no order at all would make the holdout look certain;
 * - with fewer than ENOUGH_BUYERS people who did anything the estimate is given but nothing is decided.
 */
import { sequencePValue, sequenceWidth, tuneRho } from './statistics/sequence.ts';

/** People with an outcome, both arms together, below which no verdict is given. */
export const ENOUGH_BUYERS = 20;

/** Sums over the people of one arm: y what they did after the draw, x what they had done before. */
export interface ArmSums {
  n: number;
  y: number;
  yy: number;
  x: number;
  xx: number;
  xy: number;
}

export interface Look {
  treated: ArmSums;
  holdout: ArmSums;
  /** Share of the window that has gone, above 0 to 1; of many windows on average. */
  progress: number;
  /** People at which the sequence is tightest, fixed before the first look; default everybody there is, who are all there. */
  tunedTo?: number | undefined;
  /** 1 - confidence */
  alpha: number;
}

/** Per person. */
export interface Estimate {
  treatedMean: number;
  holdoutMean: number;
  /** Treated less holdout, corrected for what they did before (CUPED). */
  difference: number;
  standardError: number;
  low: number;
  high: number;
  /** Always-valid, two-sided. */
  pValue: number;
  /** CUPED: slope on the covariate, and the share of variance that it takes away. */
  theta: number;
  varianceReduction: number;
}

/**
 * Difference of means with CUPED (Deng, Xu, Kohavi, Walker, WSDM 2013) and its confidence sequence, tuned to the end of the
 * window. Needs two people in each arm; with less the interval is empty at 0 and the p value 1.
 */
export function estimateEffect({ treated, holdout, progress, tunedTo, alpha }: Look): Estimate {
  const treatedMean = treated.n > 0 ? treated.y / treated.n : 0;
  const holdoutMean = holdout.n > 0 ? holdout.y / holdout.n : 0;
  const nothing = { treatedMean, holdoutMean, difference: 0, standardError: 0, low: 0, high: 0, pValue: 1 };
  if (treated.n < 2 || holdout.n < 2) return { ...nothing, theta: 0, varianceReduction: 0 };

  const xx = squares(treated.n, treated.x, treated.xx) + squares(holdout.n, holdout.x, holdout.xx);
  const xy = products(treated) + products(holdout);
  const yy = squares(treated.n, treated.y, treated.yy) + squares(holdout.n, holdout.y, holdout.yy);
  const theta = xx > 0 ? xy / xx : 0;
  const varianceReduction = yy > 0 ? (theta * xy) / yy : 0;

  const difference = treatedMean - holdoutMean - theta * (treated.x / treated.n - holdout.x / holdout.n);
  const standardError = cautiousStandardError(residual(treated, theta), treated.n, residual(holdout, theta), holdout.n);
  const n = treated.n + holdout.n;
  const rho = tuneRho(alpha, tunedTo ?? n);
  const halfWidth = standardError * sequenceWidth(n * progress, rho, alpha);
  return {
    treatedMean,
    holdoutMean,
    difference,
    standardError,
    low: difference - halfWidth,
    high: difference + halfWidth,
    pValue: standardError > 0 ? sequencePValue(difference / standardError, n * progress, rho) : 1,
    theta,
    varianceReduction,
  };
}

/** Sum of squared deviations from the mean. */
function squares(n: number, sum: number, sumSquares: number): number {
  return Math.max(0, sumSquares - (sum * sum) / n);
}

function products({ n, x, y, xy }: ArmSums): number {
  return xy - (x * y) / n;
}

/** Sum of squared deviations of y - theta·x. */
function residual(arm: ArmSums, theta: number): number {
  const xx = squares(arm.n, arm.x, arm.xx);
  return Math.max(0, squares(arm.n, arm.y, arm.yy) - 2 * theta * products(arm) + theta * theta * xx);
}

/** The larger of the Welch and the pooled standard error of a difference of means, from sums of squared deviations. */
function cautiousStandardError(squaresA: number, nA: number, squaresB: number, nB: number): number {
  const welch = squaresA / (nA - 1) / nA + squaresB / (nB - 1) / nB;
  const pooled = ((squaresA + squaresB) / (nA + nB - 2)) * (1 / nA + 1 / nB);
  return Math.sqrt(Math.max(welch, pooled));
}
