/**
 * The plain rule for stores that no model describes: the personal control chart tells who is late, and how people as late as
 * that fared in the newer part of the store's own history tells what to expect of them. Pure.
 */
import type { Split } from './choose.ts';
import { LAPSE_SHARE, lifeStage, LIFE_STAGES, SLIP_SHARE, type LifeStage } from './life-stage.ts';
import type { ControlChart } from './models/index.ts';

export interface StageReturn {
  people: number;
  /** Share that bought at all in 90 days */
  back: number;
  /** What they bought, as a share of what their own rhythm would have brought */
  pace: number;
  /** Chance of having gone, against active people */
  gone: number;
}

export type StageReturns = Record<LifeStage, StageReturn>;

/** Below this many people a stage says too little and the share is drawn to that of everybody. */
const PRIOR_PEOPLE = 20;

/** How people of each stage at the split fared after it. */
export function returnsByStage(split: Split, chart: ControlChart): StageReturns {
  const sums = Object.fromEntries(LIFE_STAGES.map((stage) => [stage, { people: 0, back: 0, bought: 0, usual: 0 }]));
  const all = { people: 0, back: 0, bought: 0, usual: 0 };
  const { x, tx, T } = split.older;
  for (let i = 0; i < x.length; i++) {
    const gaps = x[i]!;
    const mean = gaps > 0 ? (tx[i]! * 7) / gaps : 0;
    const stage = lifeStage({
      days: (T[i]! - tx[i]!) * 7,
      repeats: gaps,
      slip: chart.quantile(gaps, mean, SLIP_SHARE),
      lapse: chart.quantile(gaps, mean, LAPSE_SHARE),
      alive: undefined,
    });
    const usual = (split.weeks * 7) / usualDays(chart, gaps, mean);
    for (const sum of [sums[stage]!, all]) {
      sum.people++;
      sum.back += split.later[i]! > 0 ? 1 : 0;
      sum.bought += split.later[i]!;
      sum.usual += usual;
    }
  }
  const everybody = { back: all.back / Math.max(all.people, 1), pace: all.bought / Math.max(all.usual, 1e-9) };
  const shares = LIFE_STAGES.map((stage) => {
    const sum = sums[stage]!;
    const back = (sum.back + PRIOR_PEOPLE * everybody.back) / (sum.people + PRIOR_PEOPLE);
    const prior = (PRIOR_PEOPLE * all.usual) / Math.max(all.people, 1);
    return {
      stage,
      people: sum.people,
      back,
      pace: (sum.bought + prior * everybody.pace) / Math.max(sum.usual + prior, 1e-9),
    };
  });
  const ofActive = shares.find(({ stage }) => stage === 'active')?.back ?? 1;
  const entries = shares.map(({ stage, people, back, pace }): [LifeStage, StageReturn] => [
    stage,
    {
      people,
      // From the newer part's length to 90 days, at an even pace.
      back: 1 - Math.pow(1 - back, 90 / (split.weeks * 7)),
      pace,
      gone: ofActive > 0 ? Math.min(1, Math.max(0, 1 - back / ofActive)) : 0,
    },
  ]);
  return Object.fromEntries(entries) as StageReturns;
}

/** Days a person usually lets pass: the own mean from two gaps on, before that the middle of what is likely. */
export function usualDays(chart: ControlChart, gaps: number, mean: number): number {
  return gaps >= 2 ? mean : chart.quantile(gaps, mean, 0.5);
}
