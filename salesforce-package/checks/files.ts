/** The files of a package, by name. Every check takes the package's folder, so that a test can hand it a broken copy. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';

const SOURCE = 'force-app/main/default';

export interface Source {
  /** Path within the package */
  file: string;
  text: string;
}

/** Files under force-app/main/default that the pattern names, tests of components left out. */
export function sources(root: string, pattern: string): Source[] {
  return globSync(`${SOURCE}/${pattern}`, { cwd: root })
    .filter((file) => !file.includes('__tests__'))
    .toSorted()
    .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
}

/** The name that a file has as a component: 'Rekindle_Panel' of 'permissionsets/Rekindle_Panel.permissionset-meta.xml'. */
export function componentName(file: string): string {
  return path.basename(file).split('.')[0] ?? '';
}

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false });

/** Every text that stands in the element, wherever it is nested. */
export function textsOf(xml: string, element: string): string[] {
  const found: string[] = [];
  const look = (node: unknown, name: string): void => {
    if (Array.isArray(node)) for (const one of node) look(one, name);
    else if (typeof node === 'object' && node !== null)
      for (const [key, value] of Object.entries(node)) look(value, key);
    else if (name === element) found.push(String(node));
  };
  look(parser.parse(xml) as unknown, '');
  return found;
}
