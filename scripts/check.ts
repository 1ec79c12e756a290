/**
 * `npm run check`: the list that CI runs, in order, each step named with its seconds, up to the first that fails. Words
 * after it choose steps: `npm run check -- lint types`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const ROOT = path.join(import.meta.dirname, '..');
const SCRATCH = mkdtempSync(path.join(tmpdir(), 'rekindle-check-'));
const TEST_REPORT = path.join(SCRATCH, 'tests.json');
const CODE = ['core/src', 'connectors', 'server/src', 'shopify-app/app', 'e2e', 'bench', 'scripts'];
const PANELS = ['hubspot-app', 'salesforce-package', 'extensions'];

const STEPS: Record<string, string[][]> = {
  format: [['prettier', '--check', '--log-level=warn', '.']],
  lint: [
    ['oxlint', '--type-aware', '--format=unix', '.'],
    ['node', 'scripts/code-rules.ts'],
  ],
  types: [
    ['tsc', '-p', '.'],
    ['tsc', '-p', 'shopify-app'],
    ['tsc', '-p', 'hubspot-app'],
    ['tsc', '-p', 'connectors/shopify/fake/admin/browser'],
    ['tsc', '-p', 'connectors/hubspot/fake/host/browser'],
  ],
  boundaries: [['depcruise', '--config', '.dependency-cruiser.cjs', ...CODE, ...PANELS]],
  tests: [['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${TEST_REPORT}`]],
  salesforce: [['node', 'salesforce-package/checks/run.ts']],
  extensions: [['node', 'extensions/checks/run.ts']],
  docs: [['node', 'scripts/docs.ts']],
  build: [['node', 'scripts/build-pages.ts']],
};

/** The closing lines that the test runner printed, to be seen again when all is done. */
const summary: string[] = [];

async function main(wanted: string[]): Promise<number> {
  const unknown = wanted.find((name) => !Object.hasOwn(STEPS, name));
  if (unknown !== undefined) {
    console.error(`there is no step ${unknown}; there is ${Object.keys(STEPS).join(', ')}`);
    return 1;
  }
  for (const [name, commands] of Object.entries(STEPS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const from = performance.now();
    console.log(`\n── ${name}`);
    for (const command of commands) {
      const code = await run(command, name === 'tests');
      const seconds = ((performance.now() - from) / 1000).toFixed(1);
      if (code !== 0) return fail(`${name} failed after ${seconds} s: ${command.join(' ')}`);
    }
    console.log(`── ${name}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
  }
  closing();
  return 0;
}

function fail(sentence: string): number {
  closing();
  console.error(`\n${sentence}`);
  return 1;
}

/** Runs to the end, showing all of it; keeps the test runner's closing lines. */
function run([program = '', ...words]: string[], isTests: boolean): Promise<number> {
  return new Promise((resolve) => {
    const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
    const child = spawn(program, words, {
      cwd: ROOT,
      env: { ...process.env, ...colour },
      stdio: ['ignore', isTests ? 'pipe' : 'inherit', 'inherit'],
    });
    let said = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      process.stdout.write(bytes);
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => {
      const lines = stripVTControlCharacters(said).split('\n');
      summary.push(...lines.filter((line) => /^\s*(Test Files|Tests) /.test(line)));
      resolve(code ?? 1);
    });
  });
}

function closing(): void {
  if (summary.length === 0) return;
  console.log(`\n${summary.join('\n')}`);
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(TEST_REPORT, 'utf8')) as Record<string, number>;
  console.log(`${String(numPassedTests)} passed, ${String(numFailedTests)} failed`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} finally {
  rmSync(SCRATCH, { recursive: true, force: true });
}
