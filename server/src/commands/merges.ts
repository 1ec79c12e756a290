/** `merges`: which customers turned out to be one, and the way back where that was wrong. */
import { fail, listMerges, undoMerge } from '@rekindle/core';
import type { Command } from 'commander';
import { inStore } from './one-store.ts';
import { printResult } from './output.ts';

interface Options {
  store?: string;
  json?: boolean;
}

export function add(program: Command): void {
  const merges = program.command('merges').description('Customers that turned out to be one person, and the way back.');
  const command = (name: string, what: string) =>
    merges
      .command(name)
      .description(what)
      .option('--store <id or name>', 'which store; not needed where there is one')
      .option('--json', 'print one JSON document');
  command('list', 'Say who was merged with whom and why, newest first.').action((options: Options) => list(options));
  command('undo', 'Part two customers again: everything that moved goes back.')
    .argument('<merge>', 'its number, as merges list shows it')
    .action((merge: string, options: Options) => undo(merge, options));
}

async function list(options: Options): Promise<void> {
  await inStore(options.store, async ({ database }, storeId) => {
    const merges = await database.inStore(storeId, (tx) => listMerges(tx));
    printResult(
      options.json === true,
      merges,
      merges.map(
        (one) =>
          `${String(one.id)}  ${one.at.toISOString().slice(0, 10)}  ${one.gone} into ${one.kept}, by ${one.reason}${one.undoneAt === null ? '' : '  (undone)'}`,
      ),
    );
  });
}

async function undo(merge: string, options: Options): Promise<void> {
  const id = Number(merge);
  if (!Number.isSafeInteger(id) || id < 1)
    throw fail('bad_request', 'A merge is named by its number; merges list shows them.');
  await inStore(options.store, async (at, storeId) => {
    await undoMerge(at, storeId, id, 'user:operator');
    printResult(options.json === true, { undone: id }, ['Undone: everything that moved is back.']);
  });
}
