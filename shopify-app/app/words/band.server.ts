/** An estimate over time with its interval, ready to draw, to read as a table and to hear. */
import { timeTicks, valueTicks, type Tick } from './axis.server.ts';
import type { Format } from './format.server.ts';

export interface BandPoint {
  /** Milliseconds */
  at: number;
  estimate: number;
  /** low and high */
  band: [number, number];
  words: { day: string; estimate: string; range: string };
}

export interface BandView {
  points: BandPoint[];
  values: Tick[];
  times: Tick[];
  /** What the picture shows, for those who do not see it */
  finding: string;
  unit: string;
}

export function bandView(
  format: Format,
  points: { at: Date; estimate: number; low: number; high: number }[],
  words: { finding: string; unit: string },
): BandView | null {
  // Before anybody has ordered every look is zero and certain of it: there is nothing to draw.
  if (points.every((point) => point.high === point.low)) return null;
  // The first days' intervals are wide as houses; drawn in full they would press all that follows into a line.
  const widths = points.map((point) => point.high - point.low).toSorted((a, b) => a - b);
  const typical = widths[Math.floor(widths.length / 2)] ?? 0;
  const shown = points.filter((point) => point.high - point.low <= typical * 3);
  const values = valueTicks(
    Math.min(...shown.map((point) => point.low)),
    Math.max(...shown.map((point) => point.high)),
    format.moneyShort,
  );
  return {
    points: points.map((point) => ({
      at: point.at.getTime(),
      estimate: point.estimate,
      band: [point.low, point.high],
      words: {
        day: format.day(point.at),
        estimate: format.moneyKnown(point.estimate, point.high - point.low),
        range: `${format.moneyBound(point.low, point.high - point.low)} to ${format.moneyBound(point.high, point.high - point.low)}`,
      },
    })),
    values,
    times: timeTicks(
      points.map((point) => point.at),
      4,
      format.day,
    ),
    ...words,
  };
}
