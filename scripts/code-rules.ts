/**
 * Rules of the house that neither the linter nor dependency-cruiser can say: by pattern, over the text of the sources.
 * `node scripts/code-rules.ts` lists what breaks them and ends with 1 where something does.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Violation {
  rule: string;
  file: string;
  line: number;
}

interface Rule {
  name: string;
  /** What to do instead, for the reader of a failure. */
  instead: string;
  /** Files it holds for. */
  within: RegExp;
  except?: RegExp;
  pattern: RegExp;
}

const TEST = String.raw`\.test\.tsx?$|/testing/`;
// Built from pieces, so that this file does not break its own rules.
const LEFT_FOR_LATER = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|');

export const RULES: Rule[] = [
  {
    name: 'wall-clock',
    instead: 'read time from engine.clock',
    within: /^core\/src\//,
    except: new RegExp(String.raw`^core/src/clock\.ts$|${TEST}`),
    pattern: /\bnew Date\(\)|\bDate\.now\b|\bperformance\.now\b/,
  },
  {
    name: 'dice',
    instead: 'read chance from engine.random or a keyed hash',
    within: /^core\/src\//,
    except: new RegExp(String.raw`^core/src/random\.ts$|${TEST}`),
    pattern: /\bMath\.random\b/,
  },
  {
    name: 'sql-in-stores-only',
    instead: 'put it into a *.store.ts',
    within: /^(core|server|connectors)\/.*\.ts$/,
    except: new RegExp(String.raw`\.store\.ts$|^core/src/database/|/fake/|${TEST}`),
    pattern:
      /\.(selectFrom|insertInto|updateTable|deleteFrom)\(|\b(INSERT INTO|DELETE FROM)\b|\bSELECT\b.*\bFROM\b|\bUPDATE \w+ SET\b/,
  },
  {
    name: 'silenced',
    instead: 'mend what the linter or the compiler said',
    within: /\.(ts|tsx|mjs|cjs)$/,
    pattern: new RegExp(['(ox|es)lint-' + 'disable', '@ts-' + '(ignore|expect-error|nocheck)'].join('|')),
  },
  {
    name: 'left-for-later',
    instead: 'do it, or write it where it will be found',
    within: /\.(ts|tsx|mjs|cjs|prisma|sql)$/,
    pattern: new RegExp(String.raw`\b(${LEFT_FOR_LATER})\b`),
  },
  {
    name: 'test-switched-off',
    instead: 'run it, or skip it by a condition that is printed (skipIf, runIf)',
    within: new RegExp(TEST),
    pattern: /\b(test|it|describe)(\.\w+)*\.(skip|only|todo)\b/,
  },
  {
    name: 'own-modules-mocked',
    instead: 'use the real one',
    within: new RegExp(TEST),
    pattern: /\b(vi|jest)\.(mock|doMock)\(\s*['"](\.|@rekindle)/,
  },
];

const WORKSPACE_IMPORT = /(?:from|import)\s*\(?\s*['"](@rekindle\/[\w-]+)/g;

/** What one file breaks. `declared`: the packages that its workspace names. */
export function findViolations(file: string, text: string, declared: ReadonlySet<string>): Violation[] {
  const found: Violation[] = [];
  text.split('\n').forEach((content, index) => {
    for (const { name, within, except, pattern } of RULES)
      if (within.test(file) && except?.test(file) !== true && pattern.test(content))
        found.push({ rule: name, file, line: index + 1 });
    if (file.startsWith('scripts/')) return;
    for (const [, name = ''] of content.matchAll(WORKSPACE_IMPORT))
      if (!declared.has(name)) found.push({ rule: 'undeclared-workspace', file, line: index + 1 });
  });
  return found;
}

/** What the whole house breaks. */
export function checkHouse(root: string): Violation[] {
  const sources = globSync(
    '{core,connectors,server,shopify-app,hubspot-app,salesforce-package,extensions,e2e,bench,scripts,prisma}/**/*.{ts,tsx,mjs,cjs,prisma,sql}',
    {
      cwd: root,
      exclude: (name) => ['node_modules', 'build', '.cache'].includes(path.basename(name)),
    },
  );
  const declared = new Map<string, ReadonlySet<string>>();
  return sources.toSorted().flatMap((file) => {
    const workspace = /^(connectors\/[^/]+|[^/]+)\//.exec(file)?.[1] ?? '';
    if (!declared.has(workspace)) declared.set(workspace, declaredBy(path.join(root, workspace, 'package.json')));
    return findViolations(file, readFileSync(path.join(root, file), 'utf8'), declared.get(workspace) ?? new Set());
  });
}

function declaredBy(manifest: string): ReadonlySet<string> {
  try {
    const { name, dependencies, devDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<
      string,
      object
    > & {
      name: string;
    };
    return new Set([name, ...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})]);
  } catch {
    return new Set();
  }
}

if (import.meta.main) {
  const violations = checkHouse(path.join(import.meta.dirname, '..'));
  for (const { rule, file, line } of violations) {
    const instead = RULES.find(({ name }) => name === rule)?.instead ?? 'name it in the package.json beside';
    console.log(`${file}:${String(line)}: ${rule}: ${instead}`);
  }
  process.exitCode = violations.length === 0 ? 0 : 1;
}
