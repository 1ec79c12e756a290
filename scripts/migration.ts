/**
 * `npm run migration -- NAME`: writes prisma/migrations/<time>_NAME/migration.sql from the difference between the last
 * commit's prisma/schema and the one in the folder, and the Kysely types. New tenant tables get their rekindle_protect.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, chmodSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../core/src/database/embedded.ts';

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_]+$/.test(name))
  throw new Error('usage: npm run migration -- name_in_small_letters');

const scratch = mkdtempSync(path.join(tmpdir(), 'rekindle-migration-'));
chmodSync(scratch, 0o755);
const server = await startEmbeddedPostgres({
  folder: path.join(scratch, 'postgres'),
  password: 'scratch',
  durable: false,
});
const environment = { ...process.env, DATABASE_URL: server.ownerUrl };
try {
  const before = path.join(scratch, 'schema');
  mkdirSync(before);
  const files = execFileSync('git', ['ls-tree', '--name-only', 'HEAD', 'prisma/schema/'], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
  for (const file of files)
    writeFileSync(path.join(before, path.basename(file)), execFileSync('git', ['show', `HEAD:${file}`]));
  const from = files.length > 0 ? before : 'prisma/empty.prisma';
  const sql = execFileSync(
    'prisma',
    ['migrate', 'diff', '--from-schema-datamodel', from, '--to-schema-datamodel', 'prisma/schema', '--script'],
    {
      encoding: 'utf8',
      env: environment,
    },
  );
  const protect = [...sql.matchAll(/CREATE TABLE "(\w+)" \(([^;]*?)\);/gs)]
    .filter(([, , body]) => body?.includes('"store_id"'))
    .map(([, table]) => `SELECT rekindle_protect('${table ?? ''}');\n`)
    .join('');
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = path.join('prisma/migrations', `${time}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'migration.sql'), protect === '' ? sql : `${sql}\n${protect}`);
  execFileSync('prisma', ['generate'], { stdio: 'ignore', env: environment });
  process.stdout.write(`${folder}/migration.sql\n`);
} finally {
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
