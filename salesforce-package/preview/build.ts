/**
 * The panel as a script for any browser: the real component with Salesforce's own base components, compiled by LWC. Kept by what
 * it was made of, so that only a change costs the seconds.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import lwc from '@lwc/rollup-plugin';
import { rollup, type Plugin } from 'rollup';
import { ownComponents, platform } from './platform.ts';

const PACKAGE = path.join(import.meta.dirname, '..');
const SOURCE = path.join(PACKAGE, 'force-app/main/default');
const CACHE = path.join(PACKAGE, '.cache/preview');

/** Builds unless it was built before; gives the file. Two at once do no harm: each writes its own and the last one stays. */
export async function buildPanel(): Promise<string> {
  const file = path.join(CACHE, `panel-${fingerprint()}.js`);
  if (existsSync(file)) return file;
  const unfinished = `${file}.${String(process.pid)}`;
  const bundle = await rollup({
    input: path.join(import.meta.dirname, 'in-browser/page.js'),
    plugins: [
      platform(SOURCE),
      production,
      lwc({
        rootDir: path.join(SOURCE, 'lwc'),
        modules: [...ownComponents(SOURCE), { npm: 'lightning-base-components' }],
        enableDynamicComponents: true,
      }),
    ],
    onwarn(warning) {
      // The base components import each other in circles; that is Salesforce's affair.
      if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
    },
  });
  mkdirSync(CACHE, { recursive: true });
  await bundle.write({ file: unfinished, format: 'es', inlineDynamicImports: true });
  await bundle.close();
  renameSync(unfinished, file);
  return file;
}

/** What LWC and the base components ask of whoever bundles them. */
const production: Plugin = {
  name: 'production',
  transform(code) {
    const known = code.replaceAll('process.env.NODE_ENV', '"production"').replaceAll('import.meta.env.SSR', 'false');
    return known === code ? null : { code: known, map: null };
  },
};

/** Of everything that the script is made of. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const require = createRequire(import.meta.url);
  const own = globSync(['force-app/main/default/{lwc,labels}/**/*', 'preview/**/*'], {
    cwd: PACKAGE,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__tests__'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of own.toSorted()) hash.update(path.relative(PACKAGE, file)).update(readFileSync(file));
  for (const name of ['@lwc/rollup-plugin', 'lightning-base-components'])
    hash.update(readFileSync(require.resolve(`${name}/package.json`)));
  return hash.digest('hex').slice(0, 16);
}
