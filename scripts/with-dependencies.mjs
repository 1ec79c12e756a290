/**
 * What `npm start`, `npm test`, `npm run check` and `npm run rekindle` run first, on whatever Node 20 or later the machine
 * has: installs what is missing, then hands over to the real thing on the pinned Node 24. Nothing of it is seen on
 * standard output, signals are passed on, and the exit code is that of the real thing.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { ensureDependencies, PlainFailure } from './dependencies.mjs';

const ROOT = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const SETTINGS = existsSync(path.join(ROOT, '.env')) ? ['--env-file=.env'] : [];
const COMMANDS = {
  start: [...SETTINGS, 'server/src/local.ts'],
  rekindle: [...SETTINGS, 'server/src/cli.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: ['scripts/check.ts'],
};

/** How often a run that npm started looks whether npm still lives. */
const PARENT_CHECK = 1000;

function main() {
  const [name = '', ...words] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) throw new PlainFailure(`unknown command ${name}; there is ${Object.keys(COMMANDS).join(', ')}`);
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new PlainFailure(`Rekindle needs Node 20 or later; this is ${process.version}.`);
  const node = ensureDependencies(ROOT);
  const bin = path.join(ROOT, 'node_modules', '.bin');
  const child = spawn(node, [...command, ...words], {
    cwd: ROOT,
    // The channel's end tells a running server that this process is gone, whatever ended it.
    stdio: ['inherit', 'inherit', 'inherit', ...(name === 'start' ? ['ipc'] : [])],
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
  });
  passOnSignals(child);
  child.on('error', (error) => {
    process.stderr.write(`rekindle: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function passOnSignals(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      // Ctrl-C at a terminal reaches the whole group: the child has had it.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  // npm killed outright passes nothing on; its child is then another's, and has nobody left to stop it.
  if (process.env.npm_lifecycle_event === undefined) return;
  const above = ancestors();
  setInterval(() => {
    if (ancestors() !== above) child.kill('SIGTERM');
  }, PARENT_CHECK).unref();
}

/** Our parent and, where the system tells it cheaply, its parent: npm, or the shell that npm put between. */
function ancestors() {
  try {
    const status = readFileSync(`/proc/${process.ppid}/status`, 'utf8');
    return `${process.ppid} ${/^PPid:\t(\d+)/m.exec(status)?.[1]}`;
  } catch {
    return String(process.ppid);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof PlainFailure)) throw error;
  process.stderr.write(`rekindle: ${error.message}\n`);
  process.exit(1);
}
