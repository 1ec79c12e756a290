import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { configSchema } from '../core/src/config.ts';
import { brokenLinks, environmentTable, withEnvironment } from './docs.ts';

const OPERATIONS = path.join(import.meta.dirname, '../docs/operations.md');

test('docs/operations.md has the environment as the schema has it', async () => {
  const document = await readFile(OPERATIONS, 'utf8');
  expect(document).toBe(await withEnvironment(document));
});

test('the table has every key with its default', () => {
  for (const key of Object.keys(configSchema.shape)) expect(environmentTable()).toContain(`| \`${key}\` |`);
  expect(environmentTable()).toContain('| `PORT` | `3400` |');
});

test('an old table is seen', async () => {
  const document = await readFile(OPERATIONS, 'utf8');
  expect(await withEnvironment(document.replace('`3400`', '`3000`'))).toBe(document);
});

test('links that lead nowhere are found, others are not', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'rekindle-docs-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(path.join(root, 'docs'));
  await writeFile(path.join(root, 'docs/there.md'), '# A heading: two\n');
  await writeFile(
    path.join(root, 'README.md'),
    '[a](docs/there.md) [b](docs/gone.md) [c](docs/there.md#a-heading-two) [d](docs/there.md#gone) [e](https://example.com) [f](#none)\n```\n[g](gone.md)\n```\n',
  );
  expect(brokenLinks(root).map(({ link }) => link)).toEqual(['docs/gone.md', 'docs/there.md#gone', '#none']);
});
