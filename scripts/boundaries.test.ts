/** The law of the house can fail: a small tree in which every rule of .dependency-cruiser.cjs is broken, once or more. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');

/** rule → the file that breaks it → what it imports */
const BROKEN: Record<string, Record<string, string>> = {
  'no-cycles': { 'core/src/scoring/circle.ts': './round.ts' },
  'core-stands-alone': { 'core/src/ingest/reach-out.ts': '../../../connectors/csv/src/index.ts' },
  'core-no-vendor': { 'core/src/generation/ask-model.ts': 'openai', 'core/src/events/serve.ts': 'hono' },
  'connectors-import-core-only': { 'connectors/csv/src/serve.ts': '../../../server/src/index.ts' },
  'connectors-do-not-meet': { 'connectors/csv/src/borrow.ts': '../../openai/src/index.ts' },
  'fakes-stay-out-of-production': { 'server/src/compose.ts': '../../connectors/csv/fake/index.ts' },
  'testing-stays-out-of-production': { 'server/src/main.ts': '../../core/src/testing/index.ts' },
  'shopify-app-imports-core': { 'shopify-app/app/shortcut.tsx': '../../server/src/index.ts' },
  'panels-speak-http': {
    'hubspot-app/src/card.ts': '../../core/src/index.ts',
    'salesforce-package/panel.ts': '../core/src/index.ts',
    'extensions/pixel/pixel.ts': '../../core/src/index.ts',
  },
  'nobody-imports-tests': {
    'server/src/borrow.ts': '../../e2e/cycle.ts',
    'core/src/scoring/borrow.ts': './score.test.ts',
  },
  'sql-in-stores-only': { 'core/src/segments/count.ts': 'pg', 'server/src/peek.ts': 'kysely' },
  'stages-have-one-door': {
    'core/src/campaigns/peek.ts': '../scoring/inside.ts',
    'core/src/cycle.ts': './scoring/inside.ts',
  },
  'mathematics-is-pure': { 'core/src/scoring/models/look.ts': '../scores.store.ts' },
  'mathematics-needs-nothing': {
    'core/src/measurement/statistics/read.ts': 'node:fs',
    'core/src/scoring/models/solve.ts': 'luxon',
  },
  'no-deep-imports': { 'connectors/csv/src/deep.ts': '../../../core/src/scoring/index.ts' },
  'only-declared-packages': { 'connectors/csv/src/undeclared.ts': 'luxon' },
  resolvable: { 'core/src/scoring/nowhere.ts': './nowhere/at-all.ts' },
};

/** What the law allows. */
const SOUND: Record<string, string> = {
  'core/src/index.ts': './scoring/index.ts',
  'core/src/scoring/index.ts': './inside.ts',
  'core/src/scoring/inside.ts': './scores.store.ts',
  'core/src/scoring/scores.store.ts': 'kysely',
  'core/src/campaigns/plan.ts': '../scoring/index.ts',
  'core/src/scoring/round.ts': './circle.ts',
  'core/src/scoring/score.test.ts': '../testing/index.ts',
  'core/src/testing/index.ts': 'node:path',
  'connectors/csv/src/index.ts': '@rekindle/core',
  'connectors/csv/src/csv.test.ts': '../fake/index.ts',
  'connectors/csv/fake/index.ts': '@rekindle/core/testing',
  'connectors/openai/src/index.ts': 'openai',
  'server/src/index.ts': '@rekindle/core',
  'server/src/local.ts': '../../connectors/csv/fake/index.ts',
  'e2e/cycle.ts': '../connectors/csv/fake/index.ts',
};

const PACKAGES: Record<string, { dependencies: string[]; exports: Record<string, string> }> = {
  core: {
    dependencies: ['kysely', 'pg', 'openai', 'hono', 'luxon'],
    exports: { '.': './src/index.ts', './testing': './src/testing/index.ts' },
  },
  'connectors/csv': {
    dependencies: ['@rekindle/core'],
    exports: { '.': './src/index.ts', './fake': './fake/index.ts' },
  },
  'connectors/openai': { dependencies: ['openai'], exports: { '.': './src/index.ts' } },
  server: { dependencies: ['@rekindle/core', 'kysely'], exports: { '.': './src/index.ts' } },
  e2e: { dependencies: [], exports: {} },
};

let tree: string;
let found: { rule: string; from: string }[];

async function put(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(tree, file)), { recursive: true });
  await writeFile(path.join(tree, file), content);
}

async function plant(): Promise<void> {
  for (const [file, imported] of [...Object.entries(SOUND), ...Object.values(BROKEN).flatMap(Object.entries)])
    await put(file, `import '${String(imported)}';\n`);
  for (const [folder, { dependencies, exports }] of Object.entries(PACKAGES)) {
    const declared = Object.fromEntries(dependencies.map((name) => [name, '*']));
    const name = `@rekindle/${path.basename(folder)}`;
    await put(`${folder}/package.json`, JSON.stringify({ name, type: 'module', exports, dependencies: declared }));
  }
  for (const name of ['kysely', 'pg', 'openai', 'hono', 'luxon']) {
    await put(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    await put(`node_modules/${name}/index.js`, '');
  }
  await mkdir(path.join(tree, 'node_modules/@rekindle'));
  await symlink(path.join(tree, 'core'), path.join(tree, 'node_modules/@rekindle/core'));
  await put('package.json', JSON.stringify({ name: 'tree', type: 'module' }));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json'])
    await copyFile(path.join(ROOT, file), path.join(tree, file));
}

interface Cruised {
  summary: { violations: { rule: { name: string }; from: string }[] };
}

function cruise(): Promise<Cruised> {
  const program = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const folders = [
    'core',
    'connectors',
    'server',
    'shopify-app',
    'hubspot-app',
    'salesforce-package',
    'extensions',
    'e2e',
  ];
  const words = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, { cwd: tree, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      // Its exit code is the number of violations.
      if (stdout === '') reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout) as Cruised);
    });
  });
}

beforeAll(async () => {
  // Files above the tree belong to the machine; its true path, so that links lead back into it.
  tree = await mkdtemp(path.join(tmpdir(), 'rekindle-boundaries-'));
  await plant();
  const { summary } = await cruise();
  found = summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
});

afterAll(() => rm(tree, { recursive: true, force: true }));

test.each(Object.entries(BROKEN).flatMap(([rule, files]) => Object.keys(files).map((file) => ({ rule, file }))))(
  '$rule catches $file',
  ({ rule, file }) => {
    expect(found).toContainEqual({ rule, from: file });
  },
);

test('what is allowed passes', () => {
  const reproached = found.map(({ from }) => from).filter((file) => Object.hasOwn(SOUND, file));
  // Half of the circle.
  expect(reproached.filter((file) => file !== 'core/src/scoring/round.ts')).toEqual([]);
});

test('every rule has a tree that breaks it', () => {
  const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
    forbidden: { name: string }[];
  };
  expect(Object.keys(BROKEN).toSorted()).toEqual(forbidden.map(({ name }) => name).toSorted());
});
