/**
 * How well a ranking by uplift works, as scikit-uplift defines it (`qini_auc_score`, `uplift_auc_score`, `uplift_at_k`): curves
 * have points only where the score changes; areas by trapezoids, less the straight line to the last point, over the same for
 * the perfect ranking, negative effects allowed. Pure.
 */

/** People in the order in which they would be mailed, best first, with a mark where a group of equal scores ends. */
export interface Ranking {
  /** 1 = treated */
  treated: Uint8Array;
  outcome: Float64Array;
  /** 1 = the next person has another score */
  last: Uint8Array;
}

/** Orders people by score, highest first; equal scores last come first, as scikit-uplift's reversed stable sort has it. */
export function rank(scores: Float64Array, treated: Uint8Array, outcome: Float64Array): Ranking {
  const order = Int32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || b - a);
  return {
    treated: Uint8Array.from(order, (i) => treated[i]!),
    outcome: Float64Array.from(order, (i) => outcome[i]!),
    last: Uint8Array.from(order, (i, at) => (at + 1 === order.length || scores[order[at + 1]!] !== scores[i] ? 1 : 0)),
  };
}

type Height = (treatedSum: number, treated: number, controlSum: number, controls: number) => number;

const qiniHeight: Height = (treatedSum, treated, controlSum, controls) =>
  treatedSum - (controls > 0 ? (controlSum * treated) / controls : 0);

const upliftHeight: Height = (treatedSum, treated, controlSum, controls) =>
  ((treated > 0 ? treatedSum / treated : 0) - (controls > 0 ? controlSum / controls : 0)) * (treated + controls);

/** Qini coefficient; `counts` says how often each person of the ranking counts (a bootstrap sample). 0 where there is no curve. */
export function qini(ranking: Ranking, counts?: Uint32Array): number {
  return coefficient(ranking, qiniHeight, perfectQini, counts);
}

/** Area under the uplift curve. */
export function upliftAuc(ranking: Ranking, counts?: Uint32Array): number {
  return coefficient(ranking, upliftHeight, perfectUplift, counts);
}

/** Difference of the arms' rates among the best `share` of people. NaN where an arm has nobody there. */
export function upliftAt(ranking: Ranking, share: number): number {
  const end = Math.trunc(ranking.outcome.length * share);
  const sums = [0, 0];
  const people = [0, 0];
  for (let i = 0; i < end; i++) {
    const arm = ranking.treated[i]!;
    sums[arm]! += ranking.outcome[i]!;
    people[arm]! += 1;
  }
  return sums[1]! / people[1]! - sums[0]! / people[0]!;
}

interface Totals {
  treated: number;
  controls: number;
  treatedSum: number;
  controlSum: number;
}

function coefficient(
  ranking: Ranking,
  height: Height,
  perfectArea: (totals: Totals) => number,
  counts: Uint32Array | undefined,
): number {
  const totals: Totals = { treated: 0, controls: 0, treatedSum: 0, controlSum: 0 };
  let area = 0;
  let [x, y] = [0, 0];
  const { treated, outcome, last } = ranking;
  for (let i = 0; i < outcome.length; i++) {
    const count = counts ? counts[i]! : 1;
    if (treated[i] === 1) {
      totals.treated += count;
      totals.treatedSum += count * outcome[i]!;
    } else {
      totals.controls += count;
      totals.controlSum += count * outcome[i]!;
    }
    if (last[i] === 0) continue;
    const nextX = totals.treated + totals.controls;
    const nextY = height(totals.treatedSum, totals.treated, totals.controlSum, totals.controls);
    area += ((nextX - x) * (nextY + y)) / 2;
    [x, y] = [nextX, nextY];
  }
  const straight = (x * y) / 2;
  const perfect = perfectArea(totals) - straight;
  return perfect === 0 ? 0 : (area - straight) / perfect;
}

/** Areas under a curve through points. */
function areaUnder(points: [number, number][]): number {
  let area = 0;
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of points) {
    area += ((nextX - x) * (nextY + y)) / 2;
    [x, y] = [nextX, nextY];
  }
  return area;
}

/** First the treated who did it, then all who did nothing, last the controls who did it. */
function perfectQini({ treated, controls, treatedSum, controlSum }: Totals): number {
  const rest = treated + controls - controlSum;
  return areaUnder([
    [treatedSum, treatedSum],
    [rest, qiniHeight(treatedSum, treated, 0, controls - controlSum)],
    [treated + controls, qiniHeight(treatedSum, treated, controlSum, controls)],
  ]);
}

/**
 * scikit-uplift ranks by 2·[did it = treated] plus, where controls who did it outnumber treated who did not, [did it], else
 * [treated]: up to four groups.
 */
function perfectUplift({ treated, controls, treatedSum, controlSum }: Totals): number {
  const idle = treated - treatedSum;
  const calm = controls - controlSum;
  const groups: [treated: number, treatedSum: number, controls: number, controlSum: number][] =
    controlSum > idle
      ? [
          [treatedSum, treatedSum, 0, 0],
          [0, 0, calm, 0],
          [0, 0, controlSum, controlSum],
          [idle, 0, 0, 0],
        ]
      : [
          [treatedSum, treatedSum, 0, 0],
          [0, 0, calm, 0],
          [idle, 0, 0, 0],
          [0, 0, controlSum, controlSum],
        ];
  let [t, ts, c, cs] = [0, 0, 0, 0];
  const points: [number, number][] = [];
  for (const [addT, addTs, addC, addCs] of groups) {
    [t, ts, c, cs] = [t + addT, ts + addTs, c + addC, cs + addCs];
    points.push([t + c, upliftHeight(ts, t, cs, c)]);
  }
  return areaUnder(points);
}
