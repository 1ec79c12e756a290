/** What Salesforce gives its components by import, for a bundle that runs outside of it. A plugin of rollup. */
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import type { Plugin } from 'rollup';
import { z } from 'zod';

const require = createRequire(import.meta.url);
/** The engine of the release that compiles, not an older one that npm may have put beside it. */
const ENGINE = createRequire(require.resolve('lwc')).resolve('@lwc/engine-dom');
const IN_BROWSER = path.join(import.meta.dirname, 'in-browser');
const BASE = path.dirname(require.resolve('lightning-base-components/package.json'));
const ICONS = path.join(BASE, 'src/lightning/iconSvgTemplatesUtility/buildTemplates/utility');
const ICON_LIBRARY = /^lightning\/iconSvgTemplates(\w+)$/;
const VIRTUAL = '\0salesforce:';

const labelFile = z.object({
  CustomLabels: z.object({ labels: z.array(z.object({ fullName: z.string(), value: z.string() })) }),
});

/** The component's folder: force-app/main/default. */
export function platform(source: string): Plugin {
  const labels = readLabels(path.join(source, 'labels/CustomLabels.labels-meta.xml'));
  const icons = usedIcons(path.join(source, 'lwc'));
  return {
    name: 'salesforce-platform',
    resolveId(name) {
      if (name === 'lwc') return ENGINE;
      if (name === 'lightning/uiRecordApi') return path.join(IN_BROWSER, 'uiRecordApi.js');
      if (/^@salesforce\/(apex|i18n|label\/c|schema)\b/.test(name) || ICON_LIBRARY.test(name)) return VIRTUAL + name;
      return null;
    },
    load(id) {
      if (!id.startsWith(VIRTUAL)) return null;
      const name = id.slice(VIRTUAL.length);
      const library = ICON_LIBRARY.exec(name)?.[1];
      if (library !== undefined) return library === 'Utility' ? iconLibrary(icons) : 'export default {};';
      const [, kind, what = ''] = /^@salesforce\/(\w+)\/(.+)$/.exec(name) ?? [];
      if (name === '@salesforce/i18n/timeZone')
        return 'export default Intl.DateTimeFormat().resolvedOptions().timeZone;';
      if (kind === 'i18n') return readFileSync(path.join(BASE, `scopedImports/@salesforce-i18n-${what}.js`), 'utf8');
      if (kind === 'label') return asDefault(labels.get(what.slice(2)) ?? missing(name));
      if (kind === 'schema') {
        const [objectApiName, fieldApiName] = what.split('.');
        return asDefault({ objectApiName, fieldApiName });
      }
      const method = JSON.stringify(what.split('.')[1]);
      return `import { apexMethod } from ${JSON.stringify(path.join(IN_BROWSER, 'apex.js'))};\nexport default apexMethod(${method});`;
    },
  };
}

/** LWC finds other components by the name that SFDX gives their folder. */
export function ownComponents(source: string): { name: string; path: string }[] {
  return globSync('lwc/*/*.js', { cwd: source })
    .filter((file) => path.basename(path.dirname(file)) === path.basename(file, '.js'))
    .map((file) => ({ name: `c/${path.basename(file, '.js')}`, path: path.join(source, file) }));
}

function asDefault(value: unknown): string {
  return `export default ${JSON.stringify(value)};`;
}

function missing(name: string): never {
  throw new Error(`${name} does not exist`);
}

function readLabels(file: string): Map<string, string> {
  const xml: unknown = new XMLParser({ parseTagValue: false }).parse(readFileSync(file, 'utf8'));
  return new Map(labelFile.parse(xml).CustomLabels.labels.map(({ fullName, value }) => [fullName, value]));
}

/** The base components bring 1,800 icons; compiling those that nobody shows takes half a minute. */
function usedIcons(folder: string): string[] {
  const texts = globSync('*/*.{js,html}', { cwd: folder }).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/utility:(\w+)/g)].map(([, name = '']) => name)))];
}

function iconLibrary(icons: string[]): string {
  const imports = icons.map((name) => `import ${name} from ${JSON.stringify(path.join(ICONS, `${name}.html`))};`);
  return `${imports.join('\n')}\nexport default { ${icons.map((name) => `utility_${name}: ${name}`).join(', ')} };`;
}
