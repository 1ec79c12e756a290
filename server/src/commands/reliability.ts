/** `reliability NAME`: does harm on purpose, in a database that is gone afterwards, and counts what came of it. */
import { fail, readConfig } from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';

interface Options {
  trials?: string;
  seed: string;
  json?: boolean;
}

const NAMES = [
  'kill-worker',
  'provider-faults',
  'unsubscribe-race',
  'pause-worker',
  'postgres-restart',
  'webhook-chaos',
  'fuzz',
  'fairness',
  'simulation',
  'restore',
];

export function add(program: Command): void {
  program
    .command('reliability')
    .description('Do harm to the delivery of mails on purpose, and count what was lost or sent twice.')
    .argument('<name>', NAMES.join(', '))
    .option('--trials <n>', 'how often: kills, mails, people, pauses, restarts or histories')
    .option('--seed <n>', 'chance is drawn from this; when a process is hit is never the same twice', '1')
    .option('--json', 'print one JSON document')
    .action((name: string, options: Options) => run(name, options));
}

async function run(name: string, options: Options): Promise<void> {
  if (!NAMES.includes(name))
    throw fail('bad_request', `There is no trial of reliability called ${name}; there is ${NAMES.join(', ')}.`);
  const seed = whole('--seed', options.seed, 0);
  // Loaded when it runs: no other command should wait for it.
  const [{ TRIALS, held, reportJson, reportLines }, { SECRET }, { withScratchDatabase }] = await Promise.all([
    import('../reliability/index.ts'),
    import('../reliability/scene.ts'),
    import('../demo/scratch.ts'),
  ]);
  const trial = TRIALS[name];
  if (!trial) throw fail('internal', `the trial ${name} is not there`);
  const trials = options.trials === undefined ? trial.trials : whole('--trials', options.trials, 1);
  const databaseUrl = readConfig().DATABASE_URL;
  const report = await withScratchDatabase({ databaseUrl, secret: SECRET }, (database) =>
    trial.run({ database, trials, seed }),
  );
  printResult(options.json === true, reportJson(report), reportLines(report));
  if (!held(report)) process.exitCode = 1;
}

function whole(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > 1_000_000)
    throw fail('bad_request', `${option} ${text} must be a whole number from ${String(least)} to 1000000.`);
  return number;
}
