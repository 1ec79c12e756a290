/** The first script of every command, in a house of its own with an npm of its own: what it installs, says and passes on. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let house: string;

/** Stands in for npm: notes its words, and makes node_modules with a Node that is this one. */
const NPM = `
const fs = require('node:fs');
fs.appendFileSync('npm.log', process.argv.slice(2, 4).join(' ') + '\\n');
const failure = fs.existsSync('npm-fails') ? fs.readFileSync('npm-fails', 'utf8') : '';
if (failure !== '' && !(failure.includes('EUSAGE') && process.argv[2] === 'install')) {
  process.stderr.write(failure);
  process.exit(1);
}
process.stdout.write('added 1 package');
fs.mkdirSync('node_modules/.bin', { recursive: true });
fs.writeFileSync('node_modules/.package-lock.json', '{}');
fs.writeFileSync('node_modules/.bin/node', '#!/bin/sh\\nexec "${process.execPath}" "$@"\\n', { mode: 0o755 });
`;

beforeEach(async () => {
  house = await mkdtemp(path.join(tmpdir(), 'rekindle-house-'));
  await mkdir(path.join(house, 'server/src'), { recursive: true });
  for (const name of ['with-dependencies.mjs', 'dependencies.mjs'])
    await cp(path.join(import.meta.dirname, name), path.join(house, 'scripts', name));
  await put('package-lock.json', '{}');
  await put('npm/npm-cli.js', NPM);
  await put('server/src/cli.ts', 'process.stdout.write(JSON.stringify(process.argv.slice(2)));process.exit(7);');
  await put(
    'server/src/local.ts',
    `for (const end of ['SIGTERM', 'SIGINT', 'disconnect'])
       process.on(end, () => { require('node:fs').writeFileSync('ended-by', end); process.exit(0); });
     setInterval(() => undefined, 1000);
     process.stdout.write('ready');`,
  );
});
afterEach(() => rm(house, { recursive: true, force: true }));

async function put(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(house, file)), { recursive: true });
  await writeFile(path.join(house, file), content);
}

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  npm_execpath: path.join(house, 'npm/npm-cli.js'),
  npm_lifecycle_event: undefined,
});

function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = path.join(house, 'scripts/with-dependencies.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { env: environment() }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const npmLog = (): Promise<string> => readFile(path.join(house, 'npm.log'), 'utf8');

const isRoot = process.getuid?.() === 0;
if (isRoot) console.info('skipped: a folder that is not ours to write to (root may write everywhere)');

describe('installing', () => {
  test('happens once, again when the lock changes, and never on standard output', async () => {
    const first = await run('rekindle', 'demo', '--json');
    expect(first).toMatchObject({ code: 7, stdout: '["demo","--json"]' });
    expect(first.stderr).toMatch(/^Installing what Rekindle needs .*\nInstalled in \d+ s\.\n$/);
    expect(await run('rekindle')).toEqual({ code: 7, stdout: '[]', stderr: '' });
    await put('package-lock.json', '{ "changed": true }');
    expect((await run('rekindle')).stderr).toContain('Installing what has changed');
    expect(await npmLog()).toBe('ci --include=dev\ninstall --no-save\n');
  });

  test('goes on where npm finds the lock incomplete', async () => {
    await put('npm-fails', 'npm error code EUSAGE\n');
    expect((await run('rekindle')).code).toBe(7);
  });

  test('that was interrupted is done again', async () => {
    await put('npm-fails', 'npm error code E500\nnpm error 500 Internal Server Error - GET https://registry\n');
    expect((await run('rekindle')).stderr).toMatch(/npm could not install .*: 500 Internal Server Error .*`npm ci`/);
    await rm(path.join(house, 'npm-fails'));
    expect((await run('rekindle')).code).toBe(7);
  });

  test.each([
    ['npm error code ENOSPC\n', /There is no space left on the disk/],
    ['npm ERR! code EROFS\n', /cannot be written to/],
    ['npm error code ENOTFOUND\n', /The npm registry could not be reached/],
  ])('that fails with %j is one sentence and exit code 1', async (failure, sentence) => {
    await put('npm-fails', failure);
    const { code, stdout, stderr } = await run('start');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const [, line, ...more] = stderr.trim().split('\n');
    expect(line).toMatch(sentence);
    expect(more).toEqual([]);
  });

  test.skipIf(isRoot)('in a folder that is not ours to write is one sentence', async () => {
    await chmod(house, 0o555);
    const { code, stderr } = await run('start');
    await chmod(house, 0o755);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rekindle: The folder .* cannot be written to; .*\n$/);
  });
});

describe('a server that was started', () => {
  async function started(): Promise<ReturnType<typeof spawn>> {
    await run('rekindle');
    const parent = spawn(process.execPath, [path.join(house, 'scripts/with-dependencies.mjs'), 'start'], {
      cwd: house,
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!parent.stdout) throw new Error('no output');
    await once(parent.stdout, 'data');
    return parent;
  }

  test.each(['SIGTERM', 'SIGINT'] as const)('is told of %s, and its end is ours', async (signal) => {
    const parent = await started();
    parent.kill(signal);
    expect(await once(parent, 'exit')).toEqual([0, null]);
    expect(await readFile(path.join(house, 'ended-by'), 'utf8')).toBe(signal);
  });

  test('notices when we are killed outright', async () => {
    const parent = await started();
    parent.kill('SIGKILL');
    await expect
      .poll(() => readFile(path.join(house, 'ended-by'), 'utf8').catch(() => ''), { timeout: 20_000 })
      .toBe('disconnect');
  });
});
