/** `keys`: what lets a program ask for one store, made, listed and ended. */
import { createApiKey, readApiKeys, revokeApiKey } from '@rekindle/core';
import type { Command } from 'commander';
import { inStore } from './one-store.ts';
import { printResult } from './output.ts';

interface Options {
  store?: string;
  name?: string;
  json?: boolean;
}

export function add(program: Command): void {
  const keys = program
    .command('keys')
    .description('Keys with which a program asks for one store (Salesforce callouts).');
  const command = (name: string, what: string) =>
    keys
      .command(name)
      .description(what)
      .option('--store <id or name>', 'which store; not needed where there is one')
      .option('--json', 'print one JSON document');
  command('create', 'Make a key and show it, once.')
    .requiredOption('--name <words>', 'what it is for')
    .action((options: Options) => create(options));
  command('list', 'Say which keys there are.').action((options: Options) => list(options));
  command('revoke', 'End a key at once.')
    .argument('<key>', 'its id, as keys list shows it')
    .action((id: string, options: Options) => revoke(id, options));
}

async function create(options: Options): Promise<void> {
  await inStore(options.store, async (engine, storeId) => {
    const made = await createApiKey(engine, storeId, options.name ?? '', 'user:operator');
    printResult(options.json === true, made, [
      made.key,
      'This is the only time it is shown. Whoever has it can read the panels of this store.',
    ]);
  });
}

async function list(options: Options): Promise<void> {
  await inStore(options.store, async (engine, storeId) => {
    const keys = await readApiKeys(engine, storeId);
    printResult(
      options.json === true,
      keys,
      keys.map(
        (key) =>
          `${key.id}  ${key.createdAt.toISOString().slice(0, 10)}  ${key.name}${key.revokedAt === null ? '' : '  (revoked)'}`,
      ),
    );
  });
}

async function revoke(id: string, options: Options): Promise<void> {
  await inStore(options.store, async (engine, storeId) => {
    await revokeApiKey(engine, storeId, id, 'user:operator');
    printResult(options.json === true, { revoked: id }, ['Revoked.']);
  });
}
