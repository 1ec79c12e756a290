/** The app's card as a script for the record's page. HubSpot bundles a project when it is uploaded, with Vite; so is it here. */
import path from 'node:path';
import type { Rollup } from 'vite';

const BROWSER = path.join(import.meta.dirname, 'browser');
const CARD = path.resolve(import.meta.dirname, '../../../../hubspot-app/src/app/cards/rekindle-card.tsx');

const FILES = [CARD, path.join(BROWSER, 'mount.tsx')];
const ENTRY = 'card-then-page';

let bundled: Promise<string> | undefined;

/** Made once. */
export function cardScript(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  // Heavy, and needed only by whoever opens the page.
  const { build } = await import('vite');
  const output = await build({
    configFile: false,
    root: BROWSER,
    logLevel: 'silent',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: {
      alias: {
        '@hubspot/ui-extensions': path.join(BROWSER, 'components.tsx'),
      },
    },
    // Under whatever NODE_ENV this runs: the page gets React as it is shipped.
    esbuild: { jsx: 'automatic', jsxDev: false },
    plugins: [
      {
        name: 'card-then-page',
        resolveId: (id) => (id.endsWith(ENTRY) ? ENTRY : undefined),
        load: (id) => (id === ENTRY ? FILES.map((file) => `import ${JSON.stringify(file)};`).join('\n') : undefined),
      },
    ],
    build: { write: false, lib: { entry: ENTRY, formats: ['es'], fileName: 'card' } },
  });
  const [{ output: chunks } = { output: [] }] = [output].flat() as Pick<Rollup.RollupOutput, 'output'>[];
  const [chunk] = chunks;
  if (chunk?.type !== 'chunk') throw new Error('the card gave no script');
  return chunk.code;
}
