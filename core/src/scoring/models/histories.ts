/**
 * Purchase histories as columns: what every model is fitted on. Time runs in one unit of the caller's choice (weeks here)
 * from each person's first purchase day.
 */

export interface Histories {
  /** Repeat purchase days: all but the first */
  readonly x: Float64Array;
  /** Time of the last purchase; 0 where there is no repeat */
  readonly tx: Float64Array;
  /** Time observed */
  readonly T: Float64Array;
  /** People that a row stands for; undefined: one each */
  readonly weight?: Float64Array | undefined;
}

/** How many people the rows stand for. */
export function people(histories: Histories): number {
  if (!histories.weight) return histories.x.length;
  let sum = 0;
  for (const weight of histories.weight) sum += weight;
  return sum;
}

/** After so many rows we look whether gathering pays: times that are not whole days hardly ever repeat. */
const PROBE = 65_536;
const HARDLY_ANY = 0.95;

/** Gathers identical rows into one with a weight, where there are enough of them. Order of first appearance. */
export function groupHistories(histories: Histories): Histories {
  const { x, tx, T, weight } = histories;
  const rows = x.length;
  let size = 1024;
  while (size < rows * 1.6) size *= 2;
  const mask = size - 1;
  /** Slot → group + 1 */
  const slots = new Int32Array(size);
  const first = new Int32Array(rows);
  const weights = new Float64Array(rows);
  // The bits of the numbers, mixed: equal rows have equal bits (no NaN, no negative zero here).
  const xBits = words(x);
  const txBits = words(tx);
  const TBits = words(T);
  let groups = 0;
  for (let i = 0; i < rows; i++) {
    if (i === PROBE && groups > PROBE * HARDLY_ANY) return histories;
    const low = i * 2;
    let hash = Math.imul(xBits[low + 1]! ^ xBits[low]!, 0x9e3779b1);
    hash = Math.imul((hash ^ (hash >>> 15)) + (txBits[low + 1]! ^ txBits[low]!), 0x85ebca6b);
    hash = Math.imul((hash ^ (hash >>> 13)) + (TBits[low + 1]! ^ TBits[low]!), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 16)) & mask;
    const add = weight ? weight[i]! : 1;
    for (;;) {
      const found = slots[slot]!;
      if (found === 0) {
        slots[slot] = groups + 1;
        first[groups] = i;
        weights[groups] = add;
        groups++;
        break;
      }
      const at = first[found - 1]!;
      if (x[at] === x[i] && T[at] === T[i] && tx[at] === tx[i]) {
        weights[found - 1]! += add;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return { ...pick(histories, first.subarray(0, groups)), weight: weights.slice(0, groups) };
}

function words(column: Float64Array): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset, column.length * 2);
}

/** These rows only, in this order. */
export function pick(histories: Histories, rows: Int32Array): Histories {
  const take = (column: Float64Array): Float64Array => {
    const taken = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) taken[i] = column[rows[i]!]!;
    return taken;
  };
  return {
    x: take(histories.x),
    tx: take(histories.tx),
    T: take(histories.T),
    weight: histories.weight ? take(histories.weight) : undefined,
  };
}

/** About `size` rows, spread by a hash of the row number so that an order in the file does not matter. The same ones always. */
export function sampleHistories(histories: Histories, size: number): Histories {
  const rows = histories.x.length;
  if (rows <= size) return histories;
  const below = Math.floor((size / rows) * 4294967296);
  const chosen: number[] = [];
  for (let i = 0; i < rows; i++) {
    let hash = Math.imul(i + 1, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    if ((hash ^ (hash >>> 13)) >>> 0 < below) chosen.push(i);
  }
  return pick(histories, Int32Array.from(chosen));
}

/** Rows of numbers as columns. */
export function historiesOf(rows: readonly { x: number; tx: number; T: number; weight?: number }[]): Histories {
  return {
    x: Float64Array.from(rows, (row) => row.x),
    tx: Float64Array.from(rows, (row) => row.tx),
    T: Float64Array.from(rows, (row) => row.T),
    weight: rows.some((row) => row.weight !== undefined)
      ? Float64Array.from(rows, (row) => row.weight ?? 1)
      : undefined,
  };
}
