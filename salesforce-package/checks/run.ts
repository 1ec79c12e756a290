/**
 * `npm run check -- salesforce`: everything about the package that can be seen without an organisation, each check named with its
 * seconds. Ends with 1 where something is wrong.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { checkSyntax } from './apex.ts';
import { convert } from './conversion.ts';
import { checkRules, checkTypes, findJava } from './java.ts';
import { checkNames } from './names.ts';
import { inWords, type Problem } from './problem.ts';

const ROOT = path.join(import.meta.dirname, '..');

type Check = () => Promise<Problem[]> | Problem[];

const CHECKS: Record<string, Check> = {
  'Apex parses': () => checkSyntax(ROOT),
  'fields, labels, classes and credentials exist': () => checkNames(ROOT),
  'conversion for deployment': async () => {
    const { components, problems } = await convert(ROOT);
    console.log(`   ${String(components.length)} components`);
    return problems;
  },
  'tests of the components (sfdx-lwc-jest)': () => {
    const { status } = spawnSync('sfdx-lwc-jest', [], { cwd: ROOT, stdio: 'inherit' });
    return status === 0 ? [] : [{ file: 'force-app', says: 'a component does not pass its tests' }];
  },
};

const WITH_JAVA: Record<string, Check> = {
  'Apex types (apex-ls)': () => checkTypes(ROOT),
  'Apex rules (PMD)': () => checkRules(ROOT),
};

async function main(): Promise<number> {
  let failed = 0;
  const java = await findJava();
  const checks = java === undefined ? CHECKS : { ...CHECKS, ...WITH_JAVA };
  for (const [name, check] of Object.entries(checks)) {
    const from = performance.now();
    const problems = await check();
    for (const problem of problems) console.log(`   salesforce-package/${inWords(problem)}`);
    console.log(
      `   ${problems.length === 0 ? 'ok' : 'FAILED'}: ${name}, ${((performance.now() - from) / 1000).toFixed(1)} s`,
    );
    failed += problems.length;
  }
  if (java === undefined)
    console.log(`   NOT DONE: ${Object.keys(WITH_JAVA).join(' and ')} need Java 17 or later, and none was found.`);
  console.log('   Apex itself was not run: that takes an organisation (salesforce-package/README.md).');
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
