/** `experiments analyze`: the statistics of A/B tests on cases from a file, for checking them against published ones. */
import { readFile } from 'node:fs/promises';
import { analyzeCases, fail, type CaseResult } from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';

export function add(program: Command): void {
  program
    .command('experiments')
    .description('Analyses A/B tests.')
    .command('analyze')
    .description('Analyses the cases of a file: Welch, sequential, CUPED, Bayesian, mSPRT, sample sizes.')
    .requiredOption('--cases <file>', 'JSON file with the cases')
    .option('--json', 'print one JSON document')
    .action(async (options: { cases: string; json?: boolean }) => {
      const results = analyzeCases(await readJson(options.cases));
      printResult(options.json ?? false, results, results.map(sayResult));
    });
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw fail('bad_file', `Cannot read ${file}.`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fail('bad_file', `${file} is not JSON.`, { cause });
  }
}

function sayResult(result: CaseResult): string {
  const facts: string[] = [];
  for (const [key, value] of Object.entries(result)) {
    if (key !== 'id' && value !== null) facts.push(`${key} ${say(value)}`);
  }
  return `${result.id}: ${facts.join(', ')}`;
}

function say(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return value.map(say).join(' … ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
