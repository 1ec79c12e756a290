/** What a trial of reliability says, and how it says it to a person. Pure. */

export interface Report {
  name: string;
  seed: number;
  /** What was done to it, as often as it counted: a kill that hit nothing in flight is no trial */
  trials: number;
  messages: number;
  /** In the ledger as handed over, or not named at all, and never taken by the provider */
  lost: number;
  /** Taken by the provider more than once */
  duplicated: number;
  /** Messages that were in doubt at some time */
  inDoubt: number;
  /** Sends that started after a refusal was acknowledged */
  leaked: number;
  /** From the fault until nothing it left is claimed any more; null where nothing was left */
  recoveryP99Seconds: number | null;
  /** Every broken variant of this trial was caught by the same counting */
  positiveControlCaught: boolean;
  /** Whether a promise of this trial alone was kept */
  kept?: boolean;
  /** Figures of this trial alone */
  more: Record<string, number | string>;
}

/** Nearest rank; null of nothing. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}

/** Whether the promise held, and the harness could have told if it had not. */
export function held(report: Report): boolean {
  return (
    report.lost === 0 &&
    report.duplicated === 0 &&
    report.leaked === 0 &&
    report.kept !== false &&
    report.positiveControlCaught
  );
}

/** As one JSON object: the keys that every trial has first. */
export function reportJson({ more, ...common }: Report): Record<string, unknown> {
  return { ...common, ...more };
}

export function reportLines(report: Report): string[] {
  const count = (value: number): string => value.toLocaleString('en');
  const words = Object.entries(report.more).map(([name, value]) => `${name} ${String(value)}`);
  return [
    `${report.name}: ${count(report.trials)} trials, ${count(report.messages)} messages, seed ${String(report.seed)}`,
    `lost ${count(report.lost)}, duplicated ${count(report.duplicated)}, sent after a refusal ${count(report.leaked)}, in doubt meanwhile ${count(report.inDoubt)}`,
    ...(report.recoveryP99Seconds === null
      ? []
      : [`99 of 100 recoveries within ${String(report.recoveryP99Seconds)} s`]),
    ...(words.length > 0 ? [words.join(', ')] : []),
    report.positiveControlCaught
      ? 'The broken variants were caught.'
      : 'A broken variant was NOT caught: these figures prove nothing.',
  ];
}
