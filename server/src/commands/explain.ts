/** `explain`: why one mail was sent, or why one person got none, step by step, done again from what is stored. */
import {
  explain,
  fail,
  keysFrom,
  listStores,
  readConfig,
  RekindleError,
  wallClock,
  type Explanation,
  type Question,
} from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';
import type { Stored } from './stored.ts';

interface Options {
  message?: string;
  campaign?: string;
  customer?: string;
  store?: string;
  json?: boolean;
}

export function add(program: Command): void {
  program
    .command('explain')
    .description('Say why a mail was sent, or why a person got none, and do every step again.')
    .option('--message <id>', 'the message')
    .option('--campaign <id>', 'with --customer: what a campaign decided on one person')
    .option('--customer <id>', 'with --campaign')
    .option('--store <id>', 'which store; without it all are looked through')
    .option('--json', 'print one JSON document')
    .action((options: Options) => run(options));
}

async function run(options: Options): Promise<void> {
  const question = questionOf(options);
  const config = readConfig();
  // Loaded when it runs: no other command should wait for it.
  const { withStoredDatabase } = await import('./stored.ts');
  const told = await withStoredDatabase(config, (stored) => explainIn(stored, question, options.store));
  printResult(options.json === true, told, say(told));
}

function questionOf({ message, campaign, customer }: Options): Question {
  if (message !== undefined && campaign === undefined && customer === undefined) return { messageId: message };
  if (message === undefined && campaign !== undefined && customer !== undefined)
    return { campaignId: campaign, customerId: customer };
  throw fail('bad_request', 'Say which: --message ID, or --campaign ID with --customer ID.');
}

async function explainIn({ database, secret }: Stored, question: Question, storeId?: string): Promise<Explanation> {
  const engine = { database, clock: wallClock, keys: keysFrom(secret) };
  const stores = await database.inDirectory(listStores);
  if (storeId !== undefined && !stores.some(({ id }) => id === storeId))
    throw fail('not_found', `There is no store ${storeId}.`);
  for (const { id } of stores) {
    if (storeId !== undefined && id !== storeId) continue;
    try {
      return await explain(engine, id, question);
    } catch (error) {
      if (!(error instanceof RekindleError && error.code === 'not_found') || storeId !== undefined) throw error;
    }
  }
  const what = 'messageId' in question ? `message ${question.messageId}` : `campaign ${question.campaignId}`;
  throw fail('not_found', `No store of this database has the ${what} that you name.`);
}

function say(told: Explanation): string[] {
  const wrong = told.steps.filter(({ same }) => !same).length;
  return [
    `${told.message === null ? 'No message' : `Message ${told.message}: ${told.state ?? ''}${told.reason === null ? '' : ` (${told.reason})`}`}, campaign “${told.campaignName}”`,
    ...told.steps.flatMap(({ step, what, same, because }, place) => [
      `${String(place + 1).padStart(2)}. ${same ? '✓' : '✗'} ${step}`,
      ...what.map((sentence) => `      ${sentence}`),
      ...(because === null ? [] : [`      ! ${because}`]),
    ]),
    wrong === 0
      ? 'reproduced: every step, done again, is what is stored'
      : `not reproduced: ${String(wrong)} of ${String(told.steps.length)} steps`,
  ];
}
