/** `models uplift`: whom a mail moves, from a randomised trial, and whether the pattern is more than noise. */
import { analyzeUplift, fail, LEARNERS, seededRandom, UPLIFT_PRESETS, type UpliftReport } from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';
import { readTable } from './trial-file.ts';

interface UpliftOptions {
  trial: string;
  treatmentColumn: string;
  treated: string;
  control: string;
  outcome: string;
  features?: string;
  preset?: string;
  seed: string;
  json?: boolean;
}

export function add(program: Command): void {
  const models =
    program.commands.find((command) => command.name() === 'models') ??
    program.command('models').description('Fits and judges the scoring models.');
  models
    .command('uplift')
    .description('Learns from a randomised trial whom the mail moves, and advises whom to mail.')
    .requiredOption('--trial <file>', 'CSV or .csv.gz with a header, one person a line')
    .requiredOption('--treatment-column <name>', 'the column that names the arm')
    .requiredOption('--treated <value>', 'its value for those who were mailed')
    .requiredOption('--control <value>', 'its value for those who were not')
    .requiredOption('--outcome <name>', 'the column with 0 or 1 (or an amount)')
    .option('--features <names>', 'columns known before the mail, with commas; all others without it')
    .option('--preset <name>', `split and features as published: ${UPLIFT_PRESETS.join(', ')}`)
    .option('--seed <text>', 'of folds and bootstrap samples', '1')
    .option('--json', 'print one JSON document')
    .action(async (options: UpliftOptions) => {
      const report = analyzeUplift(
        await readTable(options.trial),
        {
          treatment: options.treatmentColumn,
          treated: options.treated,
          control: options.control,
          outcome: options.outcome,
          features: options.features?.split(',').map((name) => name.trim()),
        },
        { preset: presetOf(options.preset), random: seededRandom(`uplift ${options.seed}`) },
      );
      printResult(options.json ?? false, report, sayReport(report));
    });
}

function presetOf(given: string | undefined): (typeof UPLIFT_PRESETS)[number] | undefined {
  const preset = UPLIFT_PRESETS.find((known) => known === given);
  if (given !== undefined && !preset)
    throw fail('bad_request', `There is no preset ${given}; there are ${UPLIFT_PRESETS.join(', ')}.`);
  return preset;
}

function sayReport({ ate, people, models, recommendation, reason, warnings }: UpliftReport): string[] {
  return [
    `average effect ${ate.estimate.toFixed(7)} ± ${ate.standardError.toFixed(7)} (${String(people.treated)} mailed, ${String(people.control)} not)`,
    ...LEARNERS.map((name) => {
      const one = models[name];
      const [low, high] = one.interval;
      return `  ${name.padEnd(21)} Qini ${one.qini.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})  uplift AUC ${one.upliftAuc.toFixed(4)}  best 30 % ${one.upliftAt30.toFixed(4)}`;
    }),
    `${recommendation}: ${reason}`,
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}
