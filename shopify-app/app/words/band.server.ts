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
  words: BandWords;
}

/** What the picture's legend and table say. */
export interface BandWords {
  estimate: string;
  band: string;
  numbers: string;
  day: string;
  interval: string;
}

/** `times`: of how many the truth lies within, of how many. */
const WORDS = {
  en: {
    estimate: 'Best estimate',
    band: (times: number, of: number) => `Where the truth lies, ${String(times)} times in ${String(of)}`,
    numbers: 'See the numbers',
    day: 'Day',
    interval: 'Interval',
    range: (low: string, high: string) => `${low} to ${high}`,
  },
  es: {
    estimate: 'Mejor estimación',
    band: (times: number, of: number) => `Donde está la verdad, ${String(times)} de cada ${String(of)} veces`,
    numbers: 'Ver los números',
    day: 'Día',
    interval: 'Intervalo',
    range: (low: string, high: string) => `de ${low} a ${high}`,
  },
};

export function bandView(
  format: Format,
  points: { at: Date; estimate: number; low: number; high: number }[],
  { finding, unit, within = [19, 20] }: { finding: string; unit: string; within?: [times: number, of: number] },
): BandView | null {
  const { range, band, ...words } = WORDS[format.language];
  // Before anybody has ordered every look is zero and certain of it: there is nothing to draw.
  if (points.every((point) => point.high === point.low)) return null;
  // The first days' intervals are wide as houses; drawn in full they would press all that follows into a line.
  // Before the first order an interval has no width: that is no measure of the others.
  const widths = points
    .map((point) => point.high - point.low)
    .filter((width) => width > 0)
    .toSorted((a, b) => a - b);
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
        range: range(
          format.moneyBound(point.low, point.high - point.low),
          format.moneyBound(point.high, point.high - point.low),
        ),
      },
    })),
    values,
    times: timeTicks(
      points.map((point) => point.at),
      4,
      format.day,
    ),
    finding,
    unit,
    words: { ...words, band: band(...within) },
  };
}
