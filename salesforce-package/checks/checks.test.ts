/** Each check passes on the package as it is and fails on a copy in which one thing was broken on purpose. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { checkSyntax } from './apex.ts';
import { convert } from './conversion.ts';
import { checkRules, checkTypes, findJava } from './java.ts';
import { checkNames } from './names.ts';
import { inWords, type Problem } from './problem.ts';

const PACKAGE = path.join(import.meta.dirname, '..');
const SOURCE = 'force-app/main/default';
const CONTROLLER = `${SOURCE}/classes/RekindlePanelController.cls`;
const PANEL = `${SOURCE}/lwc/rekindlePanel`;

const copies: string[] = [];
afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
});

/** A copy in which `from` stands no more but `to`. */
function broken(file: string, from: string | RegExp, to: string): string {
  const root = copy();
  const text = readFileSync(path.join(root, file), 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(path.join(root, file), changed);
  return root;
}

function copy(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'rekindle-salesforce-'));
  copies.push(root);
  for (const part of [
    'force-app',
    'sfdx-project.json',
    '.forceignore',
    'package.json',
    'jest.config.cjs',
    'jest.transformer.cjs',
  ])
    cpSync(path.join(PACKAGE, part), path.join(root, part), { recursive: true });
  return root;
}

const says = (problems: Problem[]): string => problems.map(inWords).join('\n');

test('the package passes', async () => {
  expect(says([...checkSyntax(PACKAGE), ...checkNames(PACKAGE), ...(await convert(PACKAGE)).problems])).toBe('');
});

test('Apex that does not parse is found, with its line', () => {
  const problems = checkSyntax(broken(CONTROLLER, 'return answerTo(request);', 'return answerTo(request;'));
  expect(says(problems)).toMatch(/RekindlePanelController\.cls:\d+: /);
});

describe('a name that leads nowhere is found', () => {
  test.each<[string, string, string | RegExp, string, string]>([
    [
      'field in a query',
      CONTROLLER,
      'SELECT Id FROM Lead',
      'SELECT Id, Rekindle_Nope__c FROM Lead',
      'Lead has no field Rekindle_Nope__c',
    ],
    ['field in a condition', CONTROLLER, 'FROM Lead WHERE Id =', 'FROM Lead WHERE Idd =', 'Lead has no field Idd'],
    [
      'field of another object',
      CONTROLLER,
      'SELECT Id FROM Lead',
      'SELECT Rekindle_Outcome__c FROM Lead',
      'Lead has no field Rekindle_Outcome__c',
    ],
    [
      'query in a string',
      CONTROLLER,
      'return new List<SObject>();',
      "return Database.query('SELECT Id FROM Lead');",
      'a query in a string',
    ],
    [
      'field of a component',
      `${PANEL}/lastKnown.js`,
      'Lead.Rekindle_Reasons__c',
      'Lead.Rekindle_Reason__c',
      'there is no field Lead.Rekindle_Reason__c',
    ],
    ['label', `${PANEL}/labels.js`, 'c.Rekindle_Why', 'c.Rekindle_Whose', 'there is no label Rekindle_Whose'],
    [
      'label that nothing shows',
      `${SOURCE}/labels/CustomLabels.labels-meta.xml`,
      'Rekindle_Why',
      'Rekindle_Whose',
      'nothing shows the label Rekindle_Whose',
    ],
    [
      'class',
      `${PANEL}/rekindlePanel.js`,
      'apex/RekindlePanelController.getPanel',
      'apex/RekindleController.getPanel',
      'there is no class RekindleController',
    ],
    ['named credential', CONTROLLER, 'callout:Rekindle', 'callout:Rekindled', 'there is no named credential Rekindled'],
    [
      'principal',
      `${SOURCE}/permissionsets/Rekindle_Panel.permissionset-meta.xml`,
      'Rekindle-Store',
      'Rekindle-Shop',
      'there is no principal Rekindle-Shop',
    ],
    [
      'granted field',
      `${SOURCE}/permissionsets/Rekindle_Panel.permissionset-meta.xml`,
      'Lead.Rekindle_Reasons__c',
      'Lead.Rekindle_Reason__c',
      'does not grant Lead.Rekindle_Reasons__c',
    ],
  ])('%s', (_, file, from, to, expected) => {
    expect(says(checkNames(broken(file, from, to)))).toContain(expected);
  });
});

describe('what a deployment would send', () => {
  test('is every component of the package', async () => {
    const { components } = await convert(PACKAGE);
    expect(components).toContain('ApexClass RekindlePanelController');
    expect(components).toContain('LightningComponentBundle rekindlePanel');
    expect(components).toContain('NamedCredential Rekindle');
    expect(components).toContain('CustomField CampaignMember.Rekindle_Message_Id__c');
  });

  test('has no tests of components in it', async () => {
    const root = copy();
    rmSync(path.join(root, '.forceignore'));
    expect(says((await convert(root)).problems)).toContain('is a test and would be deployed');
  });

  test('misses nothing that lies in a wrong place', async () => {
    const root = copy();
    const [from, to] = ['classes', 'apex'].map((folder) => path.join(root, SOURCE, folder));
    renameSync(from ?? '', to ?? '');
    mkdirSync(path.join(root, SOURCE, 'notes'));
    writeFileSync(path.join(root, SOURCE, 'notes/Read.me'), 'nothing');
    expect(says((await convert(root)).problems)).toContain('belongs to no component');
  });
});

test('a component that does not show why nobody is mailed fails its tests', () => {
  const root = broken(`${PANEL}/rekindlePanel.html`, '<span>{view.heldBack}</span>', '<span></span>');
  symlinkSync(path.join(PACKAGE, '../node_modules'), path.join(root, 'node_modules'));
  const { status, stderr } = spawnSync('sfdx-lwc-jest', [], { cwd: root, encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('says whether mails are allowed in every state, and why none go out');
});

const java = await findJava();
if (java === undefined) console.log('skipped, no Java 17 or later here: the checks by apex-ls and PMD');

test('a Java that is not there is not taken for one', async () => {
  expect(await findJava('no-such-java')).toBeUndefined();
  expect(await findJava('true')).toBeUndefined();
});

test.skipIf(java === undefined)('a type that Apex would refuse is found', async () => {
  const root = broken(CONTROLLER, 'HttpResponse response;', 'HttpRequest response;');
  expect(says(await checkTypes(root))).toContain('RekindlePanelController.cls');
});

test.skipIf(java === undefined)('what Salesforce advises against is found', async () => {
  const root = broken(CONTROLLER, 'public with sharing class', 'public class');
  expect(says(await checkRules(root))).toContain('ApexSharingViolations');
});
