/** `bench NAME`: runs a measurement of bench/ in a process of its own, with whatever words follow. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fail } from '@rekindle/core';
import type { Command } from 'commander';

const BENCHES = path.resolve(import.meta.dirname, '../../../bench');
const NAME = /^[a-z][a-z-]*$/;

export function add(program: Command): void {
  program
    .command('bench')
    .description('Measures. Words after the name go to the bench, --json and --help among them.')
    .argument('<name>', `which bench: ${names().join(', ')}`)
    .argument('[words...]', 'what the bench is told')
    .passThroughOptions()
    .allowUnknownOption()
    .action(run);
}

async function run(name: string, words: string[]): Promise<void> {
  if (!isBench(name)) throw fail('bad_request', `There is no bench ${name}; there is ${names().join(', ')}.`);
  const child = spawn(process.execPath, ['--expose-gc', path.join(BENCHES, `${name}.ts`), ...words], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

/** A bench says in its first line how it is run; what else lies in the folder serves them. */
function isBench(name: string): boolean {
  const file = path.join(BENCHES, `${name}.ts`);
  return NAME.test(name) && existsSync(file) && readFileSync(file, 'utf8').includes(`\`node bench/${name}.ts`);
}

function names(): string[] {
  if (!existsSync(BENCHES)) return [];
  const files = readdirSync(BENCHES).filter((file) => file.endsWith('.ts'));
  return files.map((file) => path.basename(file, '.ts')).filter(isBench);
}
