/** `models offer`: who needs a discount, from a randomised trial, and what dealing it by person would bring. */
import { analyzeOffer, fail, type OfferReport } from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';
import { readTable } from './trial-file.ts';

interface OfferOptions {
  trial: string;
  offerColumn: string;
  offered: string;
  plain: string;
  outcome: string;
  cost: string;
  features?: string;
  json?: boolean;
}

export function add(program: Command): void {
  const models =
    program.commands.find((command) => command.name() === 'models') ??
    program.command('models').description('Fits and judges the scoring models.');
  models
    .command('offer')
    .description('Learns from a randomised trial who needs the offer and who orders without it.')
    .requiredOption('--trial <file>', 'CSV or .csv.gz with a header, one person a line')
    .requiredOption('--offer-column <name>', 'the column that names the arm')
    .requiredOption('--offered <value>', 'its value for those whose mail had the offer')
    .requiredOption('--plain <value>', 'its value for those whose mail had none')
    .requiredOption('--outcome <name>', 'the column with 0 or 1: ordered')
    .requiredOption('--cost <share>', 'what the offer costs of an order’s value: 0.1 for ten per cent off')
    .option('--features <names>', 'columns known before the mail, with commas; all others without it')
    .option('--json', 'print one JSON document')
    .action(async (options: OfferOptions) => {
      const cost = Number(options.cost);
      if (!Number.isFinite(cost)) throw fail('bad_request', `--cost is a share such as 0.1, not ${options.cost}.`);
      const report = analyzeOffer(
        await readTable(options.trial),
        {
          treatment: options.offerColumn,
          treated: options.offered,
          control: options.plain,
          outcome: options.outcome,
          features: options.features?.split(',').map((name) => name.trim()),
        },
        cost,
      );
      printResult(options.json ?? false, report, sayReport(report));
    });
}

function sayReport({ people, rates, effect, net, heterogeneity, advice, policies, warnings }: OfferReport): string[] {
  return [
    `ordered: ${rates.offered.toFixed(4)} of ${String(people.offered)} with the offer, ${rates.plain.toFixed(4)} of ${String(people.plain)} without`,
    `  effect ${effect.estimate.toFixed(4)} (${effect.low.toFixed(4)} to ${effect.high.toFixed(4)}), after its cost ${net.estimate.toFixed(4)} (${net.low.toFixed(4)} to ${net.high.toFixed(4)})`,
    `  people differ by ${heterogeneity.toFixed(2)} standard errors, on people unseen`,
    ...Object.entries(policies).map(
      ([name, one]) =>
        `  ${name.padEnd(10)} ${one.mean.toFixed(4)} ± ${one.standardError.toFixed(4)} order values a person, the offer to ${(one.offered * 100).toFixed(0)} %`,
    ),
    advice,
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}
