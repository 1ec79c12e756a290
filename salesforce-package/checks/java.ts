/**
 * The two checks that need Java: apex-ls (types, methods, assignments) and PMD (Salesforce's recommended rules). Both come with
 * packages; where no Java is found the caller says so aloud.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CodeAnalyzer, CodeAnalyzerConfig } from '@salesforce/code-analyzer-core';
import { createEnginePlugin } from '@salesforce/code-analyzer-pmd-engine';
import { z } from 'zod';
import type { Problem } from './problem.ts';

/**
 * Rules left out. ApexUnitTestClassShouldHaveRunAs wants another user in every test; one test here is about who may see whom and
 * has one, the others are not.
 */
const LEFT_OUT = new Set(['ApexUnitTestClassShouldHaveRunAs']);

const JARS = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@salesforce/code-analyzer-pmd-engine')),
  'java-lib',
);

/** Its version, or undefined where there is none that will do (17 or later). */
export async function findJava(command = 'java'): Promise<string | undefined> {
  const { said } = await run(command, ['-version']);
  const version = /version "(\d+)[^"]*"/.exec(said);
  return version !== null && Number(version[1]) >= 17 ? version[0] : undefined;
}

const report = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      messages: z.array(z.object({ start: z.object({ line: z.number() }).optional(), message: z.string() })),
    }),
  ),
});

/** What the compiler would refuse, as far as apex-ls knows Salesforce's types. */
export async function checkTypes(root: string): Promise<Problem[]> {
  const words = ['-cp', path.join(JARS, '*'), 'io.github.apexdevtools.apexls.CheckForIssues'];
  const { out, said } = await run('java', [...words, '-w', root, '-d', 'warnings', '-n', '-f', 'json']);
  const answer = out.slice(out.indexOf('{'));
  if (!answer.startsWith('{')) throw new Error(`apex-ls did not run: ${said.slice(0, 500)}`);
  return report.parse(JSON.parse(answer)).files.flatMap(({ path: file, messages }) =>
    messages.map(({ start, message }) => ({
      file: path.relative(root, file),
      ...(start === undefined ? {} : { line: start.line }),
      says: message,
    })),
  );
}

/** What Salesforce's code analyzer holds against the Apex: its recommended rules for PMD. */
export async function checkRules(root: string): Promise<Problem[]> {
  const analyzer = new CodeAnalyzer(CodeAnalyzerConfig.withDefaults());
  await analyzer.addEnginePlugin(createEnginePlugin());
  const workspace = await analyzer.createWorkspace([path.join(root, 'force-app/main/default/classes')]);
  const rules = await analyzer.selectRules(['pmd:Recommended'], { workspace });
  if (rules.getCount() === 0) throw new Error('PMD has no rules to check by');
  const results = await analyzer.run(rules, { workspace });
  return results
    .getViolations()
    .filter((violation) => !LEFT_OUT.has(violation.getRule().getName()))
    .map((violation) => {
      const location = violation.getPrimaryLocation();
      const line = location.getStartLine();
      return {
        file: path.relative(root, location.getFile() ?? root),
        ...(line === undefined ? {} : { line }),
        says: `${violation.getRule().getName()}: ${violation.getMessage()}`,
      };
    });
}

function run(command: string, words: string[]): Promise<{ out: string; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString();
      said += bytes.toString();
    });
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.on('error', (error) => resolve({ out: '', said: error.message }));
    child.on('close', () => resolve({ out, said }));
  });
}
