/**
 * The plain rule for stores that no model describes: the personal control chart tells who is late, and how people as late as
 * that fared in the newer part of the store's own history tells what to expect of them. Pure.
 */
import { LAPSE_SHARE, lifeStage, LIFE_STAGES, SLIP_SHARE, type LifeStage } from './life-stage.ts';
import type { ControlChart } from './models/index.ts';
import type { Split } from './split.ts';

export interface StageReturn {
  people: number;
  /** Share that bought at all in 90 days */
  back: number;
  /** What they bought, as a share of what their own rhythm would have brought */
  pace: number;
  /** Chance of having gone, against those of their kind who are not late */
  gone: number;
}

/** One-time buyers and repeat buyers of one stage are different people. */
export type StageReturns = Record<`${LifeStage}/${'once' | 'again'}`, StageReturn>;

export function cellOf(stage: LifeStage, repeats: number): keyof StageReturns {
  return `${stage}/${repeats === 0 ? 'once' : 'again'}`;
}

/** So many people of their kind at large are added to every cell, so that a small one says little of its own. */
const PRIOR_PEOPLE = 20;

interface Sums {
  people: number;
  back: number;
  bought: number;
  usual: number;
}

/** How people of each stage at the split fared after it. */
export function returnsByStage(split: Split, chart: ControlChart): StageReturns {
  const cells = new Map<string, Sums>();
  const sumsOf = (name: string): Sums => {
    let sums = cells.get(name);
    if (!sums) cells.set(name, (sums = { people: 0, back: 0, bought: 0, usual: 0 }));
    return sums;
  };
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
    for (const name of [cellOf(stage, gaps), kindOf(gaps)]) {
      const sums = sumsOf(name);
      sums.people++;
      sums.back += split.later[i]! > 0 ? 1 : 0;
      sums.bought += split.later[i]!;
      sums.usual += usual;
    }
  }
  const entries = [0, 1].flatMap((gaps) => {
    const kind = sumsOf(kindOf(gaps));
    const shares = LIFE_STAGES.map((stage) => ({ stage, ...shrunk(sumsOf(cellOf(stage, gaps)), kind) }));
    const best = Math.max(...shares.map(({ back }) => back));
    return shares.map(({ stage, people, back, pace }): [string, StageReturn] => [
      cellOf(stage, gaps),
      {
        people,
        // From the newer part's length to 90 days, at an even pace.
        back: 1 - Math.pow(1 - back, 90 / (split.weeks * 7)),
        pace,
        gone: best > 0 ? 1 - back / best : 0,
      },
    ]);
  });
  return Object.fromEntries(entries) as StageReturns;
}

function kindOf(gaps: number): string {
  return gaps === 0 ? 'once' : 'again';
}

function shrunk(cell: Sums, kind: Sums): { people: number; back: number; pace: number } {
  const share = PRIOR_PEOPLE / Math.max(kind.people, 1);
  return {
    people: cell.people,
    back: (cell.back + share * kind.back) / (cell.people + PRIOR_PEOPLE),
    pace: (cell.bought + share * kind.bought) / Math.max(cell.usual + share * kind.usual, 1e-9),
  };
}

/** Days a person usually lets pass: the own mean from two gaps on, before that the middle of what is likely. */
export function usualDays(chart: ControlChart, gaps: number, mean: number): number {
  return gaps >= 2 ? mean : chart.quantile(gaps, mean, 0.5);
}
