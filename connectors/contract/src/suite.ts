/** A suite: checks with names, run as tests of whoever calls it, or one by one to see that it can fail. */
import { describe, test } from 'vitest';

export interface Check<Subject> {
  name: string;
  run(subject: Subject): Promise<void>;
}

/** What a suite opens for each check and closes after it. */
export interface Closable {
  close: () => Promise<void>;
}

/** Registers the checks as tests, each on a subject of its own. */
export function registerSuite<Subject extends Closable>(
  name: string,
  checks: readonly Check<Subject>[],
  setup: () => Promise<Subject>,
): void {
  describe(name, () => {
    for (const check of checks)
      test(check.name, async () => {
        const subject = await setup();
        try {
          await check.run(subject);
        } finally {
          await subject.close();
        }
      });
  });
}

/** Names of the checks that a subject fails: the suite's own test. */
export async function failedChecks<Subject extends Closable>(
  checks: readonly Check<Subject>[],
  setup: () => Promise<Subject>,
): Promise<string[]> {
  const failed: string[] = [];
  for (const check of checks) {
    const subject = await setup();
    try {
      await check.run(subject);
    } catch {
      failed.push(check.name);
    } finally {
      await subject.close();
    }
  }
  return failed;
}
