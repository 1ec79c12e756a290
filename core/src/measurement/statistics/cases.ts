/** Analyses the cases of a file (`experiments analyze --cases FILE.json`): what comes out for each, in order. Pure. */
import { contrast, cupedTheta, momentsOf } from './arms.ts';
import { readCases, type ExperimentCase, type MsprtCase, type SizeCase, type SpendingCase } from './case-file.ts';
import { spentAlphas } from './group-sequential.ts';
import { posteriorOf, sequentialTest, welchTest } from './inference.ts';
import { msprt, msprtHalfWidth, type MsprtInput } from './msprt.ts';
import { sampleSize } from './sample-size.ts';

/**
 * The reference's sizes are those of a power of .85 wherever they do not name one (39,906 people for an effect of .3 at a
 * variance of 100: (1.960 + 1.036)²), although the file's heading says .8.
 */
const REFERENCE_POWER = 0.85;

/** What comes out for a case. An end of an interval that does not exist is "inf" or "-inf": JSON has no such number. */
export interface CaseResult {
  id: string;
  estimate: number | null;
  interval: [number | string, number | string] | null;
  pValue: number | null;
  standardError: number | null;
  chanceToWin: number | null;
  risk: [number, number] | null;
  [further: string]: unknown;
}

const EMPTY = { estimate: null, interval: null, pValue: null, standardError: null, chanceToWin: null, risk: null };

/** Analyses every case of a parsed file, in order. Throws `bad_file` where it is no such file. */
export function analyzeCases(file: unknown): CaseResult[] {
  const cases = readCases(file);
  if ('experiments' in cases) return cases.experiments.map(analyzeExperiment);
  if ('msprt' in cases) return cases.msprt.map(analyzeMsprt);
  return [...cases.spending.map(analyzeSpending), ...cases.sizes.map(analyzeSize)];
}

function analyzeExperiment(one: ExperimentCase): CaseResult {
  const theta = one.cuped ? cupedTheta(one.control, one.treatment) : 0;
  const control = momentsOf(one.control, theta);
  const treatment = momentsOf(one.treatment, theta);
  const problem = whyNot(one, control, treatment);
  if (problem) return { id: one.id, ...EMPTY, problem };
  const difference = contrast(control, treatment, one.difference);
  if (one.method === 'bayes') {
    const { interval, ...posterior } = posteriorOf(difference, one.alpha, one.prior);
    return { id: one.id, ...EMPTY, ...posterior, interval: writable(interval) };
  }
  const verdict =
    one.method === 'welch'
      ? welchTest(difference, one.alpha, one.alternative)
      : sequentialTest(difference, one.alpha, one.alternative, one.tuningSampleSize!);
  return {
    id: one.id,
    ...EMPTY,
    estimate: difference.estimate,
    interval: writable(verdict.interval),
    pValue: verdict.pValue,
    standardError: difference.standardError,
  };
}

function whyNot(
  one: ExperimentCase,
  control: ReturnType<typeof momentsOf>,
  treatment: ReturnType<typeof momentsOf>,
): string | null {
  if (control.n < 2 || treatment.n < 2) return 'an arm has fewer than two people';
  if (!(control.variance + treatment.variance > 0)) return 'nothing varies in either arm';
  if (control.variance < 0 || treatment.variance < 0) return 'the sums contradict each other: a variance is negative';
  if (one.difference === 'relative' && control.rawMean === 0)
    return 'the control has a mean of 0: nothing to be relative to';
  return null;
}

function analyzeMsprt(one: MsprtCase, index: number): CaseResult {
  const input: MsprtInput = {
    meanDifference: one.input.mean_difference,
    variancePerArm: one.input.sigma2_per_arm,
    nPerArm: one.input.n_per_arm,
    mixtureVariance: one.input.tau2,
    nullEffect: one.input.theta0,
  };
  const { pairVariance, likelihoodRatio, pValue } = msprt(input);
  const halfWidths = Object.fromEntries(['0.05', '0.01'].map((alpha) => [alpha, msprtHalfWidth(input, Number(alpha))]));
  const halfWidth = halfWidths['0.05'] ?? 0;
  return {
    id: one.id ?? `msprt-${String(index + 1)}`,
    ...EMPTY,
    estimate: input.meanDifference,
    interval: [input.meanDifference - halfWidth, input.meanDifference + halfWidth],
    pValue,
    standardError: Math.sqrt(pairVariance / input.nPerArm),
    pairVariance,
    likelihoodRatio,
    halfWidths,
  };
}

function analyzeSize(one: SizeCase, index: number): CaseResult {
  const nTotal = sampleSize({
    effect: one.absolute_mde,
    variance: one.variance ?? one.p! * (1 - one.p!),
    alpha: one.alpha,
    power: one.power ?? REFERENCE_POWER,
    allocation: one.allocation ?? usualShares(one.treatments ?? 2, one.comparisons),
    comparisons: one.comparisons,
  });
  return { id: one.id ?? `sample-size-${String(index + 1)}`, ...EMPTY, nTotal };
}

/** Equal shares where every pair counts; where all are held against the control, it gets half. */
function usualShares(arms: number, comparisons: SizeCase['comparisons']): number[] {
  if (comparisons === 'all_vs_all') return Array.from({ length: arms }, () => 1 / arms);
  return Array.from({ length: arms }, (_, arm) => (arm === 0 ? 0.5 : 0.5 / (arms - 1)));
}

function analyzeSpending(one: SpendingCase, index: number): CaseResult {
  const { count_1, count_2, total_expected_users, two_sided, alpha, number_of_comparisons } = one.input;
  const counts = count_1.map((count, look) => count + (count_2[look] ?? 0));
  const adjustedAlphas = spentAlphas(counts, total_expected_users, alpha / number_of_comparisons, two_sided);
  return { id: one.id ?? `group-sequential-${String(index + 1)}`, ...EMPTY, adjustedAlphas };
}

function writable([low, high]: [number, number]): [number | string, number | string] {
  return [low === -Infinity ? '-inf' : low, high === Infinity ? 'inf' : high];
}
