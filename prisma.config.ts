// Prisma keeps the model (prisma/schema), its types for Kysely and the SQL of the migrations. It never runs in the
// product: core/src/database/migrate.ts applies the migrations. The "js" engine, the only one that needs no download,
// wants a database it can reach; scripts/migration.ts lends it an empty one.
import { PrismaPg } from '@prisma/adapter-pg';
import { defineConfig } from 'prisma/config';

process.env['DATABASE_URL'] ??= 'postgresql://127.0.0.1:1/none';

export default defineConfig({
  schema: 'prisma/schema',
  experimental: { adapter: true },
  engine: 'js',
  adapter: () => {
    const url = new URL(process.env['DATABASE_URL'] ?? '');
    return Promise.resolve(
      new PrismaPg({
        host: url.hostname,
        port: Number(url.port),
        user: url.username,
        password: url.password,
        database: url.pathname.slice(1),
        // An idle connection keeps the command from ending, for ten seconds by default.
        idleTimeoutMillis: 50,
      }),
    );
  },
});
