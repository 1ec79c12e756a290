/**
 * What an operator's command prints. With --json: one JSON document on standard output and nothing else. Progress goes to
 * the terminal's error stream, so a pipe never meets it.
 */
import { randomBytes } from 'node:crypto';
import { RekindleError, type Progress } from '@rekindle/core';
import { MultiBar, type SingleBar } from 'cli-progress';

/** Prints one result: the value as JSON, or the lines for a person. */
export function printResult(json: boolean, value: unknown, lines: string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join('\n')}\n`);
}

export interface ShownProgress {
  progress: Progress;
  /** Ends the bars and leaves them standing. Call it before anything else is printed. */
  stop(): void;
}

/** Bars on a terminal, a stage each; silent with --json or where nobody watches. */
export function showProgress(json: boolean): ShownProgress {
  if (json || !process.stderr.isTTY) return { progress: () => undefined, stop: () => undefined };
  const bars = new MultiBar({
    format: '{stage} {bar} {percentage}% {value}/{total}',
    stream: process.stderr,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    // A terminal may be narrower than a line; wrapped bars cannot be redrawn.
    linewrap: false,
  });
  const byStage = new Map<string, SingleBar>();
  return {
    progress: ({ stage, done, total }) => {
      let bar = byStage.get(stage);
      if (!bar) byStage.set(stage, (bar = bars.create(total ?? done, 0, { stage: stage.padEnd(12) })));
      bar.setTotal(Math.max(total ?? done, done));
      bar.update(done);
    },
    stop: () => {
      bars.stop();
    },
  };
}

/**
 * The one line that a failure is worth. An expected one is its own sentence; anything else is a defect, known by an id.
 * `verbose`: the stack behind it too, in lines of its own.
 */
export function failureLine(error: unknown, verbose: boolean): string {
  const expected = error instanceof RekindleError && error.code !== 'internal';
  const line = expected ? error.message : `internal error ${randomBytes(4).toString('hex')}`;
  const hint = expected || verbose ? '' : ' (LOG_LEVEL=debug shows more)';
  const stack = verbose && error instanceof Error ? `\n${error.stack ?? error.message}` : '';
  return `${line.replaceAll('\n', ' ')}${hint}${stack}`;
}
