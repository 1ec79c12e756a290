/** Builds shopify-app as `npm start` does: only when its sources have changed. */
import { buildPages } from '../server/src/local/pages.ts';

console.log((await buildPages()) ? 'built' : 'nothing has changed since the last build');
