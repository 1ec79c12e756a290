/** What a deployment would send: the vendor's own conversion into the form of the metadata API, and whether anything got lost. */
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ComponentSet, MetadataConverter } from '@salesforce/source-deploy-retrieve';
import type { Problem } from './problem.ts';

const FOLDER = 'force-app';

export interface Conversion {
  /** Type and name of every component */
  components: string[];
  problems: Problem[];
}

export async function convert(root: string): Promise<Conversion> {
  const output = mkdtempSync(path.join(tmpdir(), 'rekindle-mdapi-'));
  try {
    const set = ComponentSet.fromSource({ fsPaths: [path.join(root, FOLDER)] });
    await new MetadataConverter().convert(set, 'metadata', {
      type: 'directory',
      outputDirectory: output,
      packageName: 'package',
    });
    const components = set
      .toArray()
      .map(({ type, fullName }) => `${typeof type === 'string' ? type : type.name} ${fullName}`);
    const converted = globSync('**/*', { cwd: path.join(output, 'package') });
    return { components: components.toSorted(), problems: [...lost(root, set), ...stowaways(converted)] };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Files of the package that belong to no component: a wrong folder or ending. */
function lost(root: string, set: ComponentSet): Problem[] {
  const known = new Set(
    set
      .getSourceComponents()
      .toArray()
      .flatMap((component) => [component.xml, component.content, ...component.walkContent()])
      .filter((file) => file !== undefined),
  );
  return globSync(`${FOLDER}/**/*.*`, { cwd: root })
    .filter((file) => !file.includes('__tests__'))
    .filter((file) => !known.has(path.join(root, file)))
    .filter((file) => ![...known].some((one) => path.dirname(one) === path.join(root, file)))
    .map((file) => ({ file, says: 'belongs to no component: Salesforce would never get it' }));
}

/** Tests of components are for this side only. */
function stowaways(converted: string[]): Problem[] {
  return converted
    .filter((file) => file.includes('__tests__') || file.endsWith('.test.js'))
    .map((file) => ({ file, says: 'is a test and would be deployed: name it in .forceignore' }));
}
