/**
 * `node scripts/shopify-schema.ts`: fetches Shopify's Admin schema into the cache (node_modules/.cache/rekindle), so that
 * tests and `npm start` find it there. Nothing of it is committed.
 */
import { adminSchema, SCHEMA_VERSION } from '../connectors/shopify/admin-schema/index.ts';

try {
  const { schema } = await adminSchema();
  console.log(`Shopify’s Admin schema ${SCHEMA_VERSION}: ${String(Object.keys(schema.getTypeMap()).length)} types.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
