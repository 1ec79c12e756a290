/** The operator's command line as a shell sees it: exit codes, one line on failure, one document with --json. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fail } from '@rekindle/core';
import { expect, test } from 'vitest';
import { failureLine } from './commands/output.ts';

const CLI = path.join(import.meta.dirname, 'cli.ts');

function rekindle(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...words], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('--help lists the commands and each has its own', async () => {
  const { code, stdout } = await rekindle('--help');
  expect(code).toBe(0);
  const section = stdout.slice(stdout.indexOf('Commands:'));
  const names = [...section.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const help = await rekindle(name, '--help');
    expect(help, name).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout, name).toContain(`Usage: rekindle ${name}`);
  }
});

test.each([[['nonsense']], [['--nonsense']], [['experiments', 'analyze']], [['bench', 'nonsense']]])(
  '%j fails with one line',
  async (words) => {
    const { code, stdout, stderr } = await rekindle(...words);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  },
);

test('a failure is its sentence, a defect is an id, and only the verbose see a stack', () => {
  expect(failureLine(fail('bad_file', 'a.csv is empty.'), false)).toBe('a.csv is empty.');
  expect(failureLine(new Error('secret'), false)).toMatch(
    /^internal error [0-9a-f]{8} \(LOG_LEVEL=debug shows more\)$/,
  );
  expect(failureLine(new Error('cause'), true)).toMatch(/^internal error [0-9a-f]{8}\nError: cause\n/);
});
