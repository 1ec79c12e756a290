/** The trials of reliability, by name. Each ends by itself and leaves nothing. */
import type { Database } from '@rekindle/core';
import { fuzz } from './fuzz.ts';
import { fairness } from './fairness.ts';
import { killWorker } from './kill-worker.ts';
import { pauseWorker } from './pause-worker.ts';
import { postgresRestart } from './postgres-restart.ts';
import { providerFaults } from './provider-faults.ts';
import type { Report } from './report.ts';
import { restore } from './restore.ts';
import { simulation } from './simulation.ts';
import { unsubscribeRace } from './unsubscribe-race.ts';
import { webhookChaos } from './webhook-chaos.ts';

export { held, reportJson, reportLines, type Report } from './report.ts';

export interface Trial {
  /** What one trial is, and how many there are without --trials */
  counts: string;
  trials: number;
  run: (given: { database: Database; trials: number; seed: number }) => Promise<Report>;
}

export const TRIALS: Record<string, Trial> = {
  'kill-worker': { counts: 'kills', trials: 1000, run: killWorker },
  'provider-faults': { counts: 'messages', trials: 100_000, run: providerFaults },
  'webhook-chaos': { counts: 'histories', trials: 10_000, run: webhookChaos },
  fuzz: { counts: 'payloads', trials: 1_000_000, run: fuzz },
  // It has a server of its own, in which it copies whole databases.
  restore: { counts: 'restores', trials: 20, run: restore },
  simulation: { counts: 'lives', trials: 10_000, run: simulation },
  'unsubscribe-race': { counts: 'people', trials: 100_000, run: unsubscribeRace },
  'pause-worker': { counts: 'pauses', trials: 200, run: pauseWorker },
  // It has a server of its own: nobody else's may crash.
  'postgres-restart': { counts: 'crashes', trials: 50, run: postgresRestart },
  // It has a server of its own: its workers serve every store there is.
  fairness: { counts: 'mails of the large store', trials: 1_000_000, run: fairness },
};
