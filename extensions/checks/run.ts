/** `npm run check -- extensions`: builds every Shopify extension by Shopify's own CLI. Ends with 1 where one cannot be built. */
import { buildExtensions } from './build.ts';

const { bundles, problems } = await buildExtensions();
for (const [name, script] of bundles) console.log(`   ok: ${name}, ${(script.length / 1024).toFixed(1)} KB`);
for (const problem of problems) console.log(`   FAILED: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
