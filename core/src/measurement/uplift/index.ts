/** Whom does a mail move? Uplift from a randomised trial, and whether to trust it. Pure: takes a table, gives a report. */
import { fail } from '../../errors.ts';
import type { Random } from '../../ports.ts';
import { readHillstrom, trainsInHillstrom } from './hillstrom.ts';
import { judgeTrial, type UpliftReport } from './judge.ts';
import { readTrial, type Table, type TrialColumns } from './table.ts';

export { LEARNERS, type Learner } from './learners.ts';
export type { LearnerFigures, Recommendation, UpliftReport } from './judge.ts';
export { readTrial, type Table, type TrialColumns } from './table.ts';
export { learnPeopleUplift, peopleUplift, type PastCampaigns, type PeopleUplift, type UpliftModel } from './people.ts';

export const UPLIFT_PRESETS = ['hillstrom'] as const;
export type UpliftPreset = (typeof UPLIFT_PRESETS)[number];

/** Penalty where no preset says otherwise, on standardised features: that of one observation. */
const USUAL_L2 = 1;

/** Analyses a trial. A preset fixes split, features and penalty (none) as published; otherwise five-fold cross-fitting. */
export function analyzeUplift(
  table: Table,
  columns: TrialColumns,
  options: { preset?: UpliftPreset | undefined; random: Random },
): UpliftReport {
  if (options.preset === undefined) {
    const trial = readTrial(table, columns);
    return judgeTrial(trial, { value: trial.value, l2: USUAL_L2, random: options.random, warnings: trial.warnings });
  }
  if (columns.features) throw fail('bad_request', 'A preset has its own features: give either --preset or --features.');
  const trial = readHillstrom(table, columns);
  return judgeTrial(trial, {
    value: trial.value,
    trains: (row) => trainsInHillstrom(trial.places[row]!),
    l2: 0,
    random: options.random,
    warnings: trial.warnings,
  });
}
