/** A store's history cut in two at a day: the older part fits the models, the newer one judges them. Pure. */
import type { Histories } from './models/index.ts';
import { STRETCH_DAYS } from './seasonality.ts';

/** The same people before and after the split, in weeks. */
export interface Split {
  older: Histories;
  /** The same rows at the end of the newer part */
  all: Histories;
  /** Purchase days in the newer part */
  later: Float64Array;
  /** Length of the newer part in weeks */
  weeks: number;
  /** Purchase days in each whole stretch of four weeks of the newer part */
  stretches: Float64Array;
}

/** Days since 1970-01-01. */
export interface SplitRow {
  /** Purchase days up to the split, the first and the last of them */
  before: number;
  first: number;
  last: number;
  /** Purchase days after it */
  after: number[];
}

/** The same people up to the split and up to today, in weeks. */
export function splitOf(rows: readonly SplitRow[], splitDay: number, today: number): Split {
  const column = (of: (row: SplitRow) => number): Float64Array => Float64Array.from(rows, of);
  const stretches = new Float64Array(Math.floor((today - splitDay) / STRETCH_DAYS));
  for (const { after } of rows)
    for (const day of after) {
      const stretch = Math.floor((day - splitDay - 1) / STRETCH_DAYS);
      if (stretch < stretches.length) stretches[stretch]!++;
    }
  return {
    older: {
      x: column((row) => row.before - 1),
      tx: column((row) => (row.last - row.first) / 7),
      T: column((row) => (splitDay - row.first) / 7),
    },
    all: {
      x: column((row) => row.before + row.after.length - 1),
      tx: column((row) => (Math.max(row.last, ...row.after) - row.first) / 7),
      T: column((row) => (today - row.first) / 7),
    },
    later: column((row) => row.after.length),
    weeks: (today - splitDay) / 7,
    stretches,
  };
}
