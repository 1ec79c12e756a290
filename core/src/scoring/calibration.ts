/** People in ten equal groups by what was foretold of them, beside what they did: the points of a calibration plot. Pure. */

/** A tenth of the people, by what was foretold of them; all four are means. */
export interface CalibrationGroup {
  people: number;
  predicted: number;
  actual: number;
  /** Chance, and share, of buying at all */
  predictedReturn: number;
  actualReturn: number;
}

const GROUPS = 10;

/** `predicted`, `actual`: purchases; `back`: chance of one at least. */
export function calibrationGroups(
  predicted: Float64Array,
  back: Float64Array,
  actual: Float64Array,
): CalibrationGroup[] {
  const order = Array.from(predicted.keys()).toSorted(
    (one, other) => predicted[one]! - predicted[other]! || one - other,
  );
  return Array.from({ length: GROUPS }, (_, group) => {
    const members = order.slice(
      Math.floor((group * order.length) / GROUPS),
      Math.floor(((group + 1) * order.length) / GROUPS),
    );
    const mean = (of: (i: number) => number): number =>
      members.reduce((sum, i) => sum + of(i), 0) / Math.max(members.length, 1);
    return {
      people: members.length,
      predicted: mean((i) => predicted[i]!),
      actual: mean((i) => actual[i]!),
      predictedReturn: mean((i) => back[i]!),
      actualReturn: mean((i) => (actual[i]! > 0 ? 1 : 0)),
    };
  }).filter(({ people }) => people > 0);
}
