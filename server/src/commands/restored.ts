/** `restored`: what must be done once after the database was restored from a backup, before anything is started on it. */
import { doubtAfterRestore, readConfig, wallClock } from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';

export function add(program: Command): void {
  program
    .command('restored')
    .description(
      'After a restore from a backup, before anything is started: put mails in doubt that may have gone since.',
    )
    .option('--json', 'print one JSON document')
    .action((options: { json?: boolean }) => run(options.json === true));
}

async function run(json: boolean): Promise<void> {
  const { withStoredDatabase } = await import('./stored.ts');
  const inDoubt = await withStoredDatabase(readConfig(), ({ database }) =>
    doubtAfterRestore({ database, clock: wallClock }),
  );
  printResult(json, { inDoubt }, [
    `${inDoubt.toLocaleString('en')} mails were due and may have gone since the backup: they are in doubt, and are not sent again.`,
    'The provider’s word settles them. What no word comes of within 24 hours is given up.',
  ]);
}
