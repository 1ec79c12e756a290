/** Sample-ratio mismatch: whether arms are as large as the draw makes them. Pure mathematics. */
import { chiSquareTail } from './gamma.ts';

/** P value of Pearson's chi-square of counts against expected shares (which sum to 1). 1 where nobody was drawn. */
export function sampleRatioPValue(counts: number[], shares: number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 1;
  let chiSquare = 0;
  for (const [i, count] of counts.entries()) {
    const expected = total * shares[i]!;
    if (expected === 0) {
      if (count > 0) return 0;
      continue;
    }
    chiSquare += (count - expected) ** 2 / expected;
  }
  return chiSquareTail(chiSquare, counts.length - 1);
}
