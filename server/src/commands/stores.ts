/** `stores`: which stores there are, for the commands that want one named. */
import { listStores, readConfig } from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';

export function add(program: Command): void {
  program
    .command('stores')
    .description('The stores that live in this database.')
    .command('list')
    .description('Say which stores there are, oldest first.')
    .option('--json', 'print one JSON document')
    .action((options: { json?: boolean }) => list(options.json === true));
}

async function list(json: boolean): Promise<void> {
  const { withStoredDatabase } = await import('./stored.ts');
  await withStoredDatabase(readConfig(), async ({ database }) => {
    const stores = await database.inDirectory(listStores);
    printResult(
      json,
      stores,
      stores.length === 0
        ? ['There is no store yet.']
        : stores.map(({ id, name, simulated }) => `${id}  ${name}${simulated ? '  (simulated)' : ''}`),
    );
  });
}
