/** Round numbers for an axis, with their words. Pure. */

export interface Tick {
  value: number;
  label: string;
}

/** Four to six round values that span low..high and hold zero. */
export function valueTicks(low: number, high: number, label: (value: number) => string): Tick[] {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const rough = (to - from || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? 10 * power;
  const first = Math.floor(from / step);
  const last = Math.max(first + 1, Math.ceil(to / step));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: label(value) };
  });
}

/** At most `most` of these instants, evenly picked, first and last among them. */
export function timeTicks(instants: Date[], most: number, label: (at: Date) => string): Tick[] {
  const steps = Math.min(most, instants.length) - 1;
  const picked =
    steps < 1
      ? instants
      : Array.from({ length: steps + 1 }, (_, i) => instants[Math.round((i * (instants.length - 1)) / steps)]);
  return picked.flatMap((at) => (at ? [{ value: at.getTime(), label: label(at) }] : []));
}
