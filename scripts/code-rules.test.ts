import { expect, test } from 'vitest';
import { findViolations, RULES } from './code-rules.ts';

/** rule → file → a line that breaks it there. Put together from pieces where the line would break the rule here too. */
const BROKEN: Record<string, [file: string, line: string][]> = {
  'wall-clock': [
    ['core/src/scoring/score.ts', 'const now = new Date();'],
    ['core/src/delivery/send.ts', 'const t = Date.now()'],
    ['core/src/cycle.ts', 'performance.now()'],
  ],
  dice: [['core/src/measurement/draw.ts', 'if (Math.random() < share)']],
  'sql-in-stores-only': [
    ['core/src/segments/count.ts', "await tx.rows('SELECT count(*) FROM customers')"],
    ['core/src/campaigns/plan.ts', "tx.db.selectFrom('campaigns')"],
    ['server/src/http/api.ts', "tx.run('DELETE FROM orders')"],
  ],
  silenced: [
    ['server/src/main.ts', '// @ts-' + 'ignore'],
    ['core/src/log.ts', '// oxlint-' + 'disable-next-line'],
  ],
  'left-for-later': [['core/src/keys.ts', '// TO' + 'DO rotate']],
  'own-modules-mocked': [['core/src/cycle.test.ts', 'vi.' + "mock('./cycle.ts')"]],
  'test-switched-off': [
    ['core/src/cycle.test.ts', 'test.' + "only('this', () => {})"],
    ['core/src/cycle.test.ts', 'describe.' + "skip('that', () => {})"],
  ],
  'undeclared-workspace': [['server/src/main.ts', "import { x } from '@rekindle/connector-csv';"]],
};

const SOUND: [file: string, line: string][] = [
  ['core/src/cycle.test.ts', "test.skipIf(missing)('this', () => {})"],
  ['core/src/clock.ts', 'now: () => new Date()'],
  ['core/src/scoring/score.test.ts', 'const now = new Date();'],
  ['core/src/scoring/score.ts', 'new Date(row.at)'],
  ['core/src/segments/segments.store.ts', "await tx.rows('SELECT 1 FROM customers')"],
  ['server/src/main.ts', "import { readConfig } from '@rekindle/core';"],
  ['core/src/campaigns/plan.ts', '/** Select those from Spain and update them */'],
];

const declared = new Set(['@rekindle/core']);

test.each(Object.entries(BROKEN).flatMap(([rule, cases]) => cases.map(([file, line]) => ({ rule, file, line }))))(
  '$rule catches $line in $file',
  ({ rule, file, line }) => {
    expect(findViolations(file, `\n${line}\n`, declared)).toEqual([{ rule, file, line: 2 }]);
  },
);

test.each(SOUND)('%s may say %s', (file, line) => {
  expect(findViolations(file, line, declared)).toEqual([]);
});

test('every rule has a case that breaks it', () => {
  expect(Object.keys(BROKEN).toSorted()).toEqual([...RULES.map(({ name }) => name), 'undeclared-workspace'].toSorted());
});
