/** Connects as an owner, and says in one sentence why that does not work. */
import pg from 'pg';
import { fail, type RekindleError } from '../errors.ts';

/** The oldest PostgreSQL that the migrations run on. */
const OLDEST = 14;
/** Milliseconds until a server that does not answer counts as unreachable. */
const PATIENCE = 10_000;

/** A connection with an owner's rights. Throws `database_unreachable` or `bad_configuration`. */
export async function connectAsOwner(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE });
  // A server that goes away ends the statement under way with an error of its own; this event adds nothing.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await mustBeNewEnough(client);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw explain(error, new URL(url));
  }
}

async function mustBeNewEnough(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
  const major = Math.floor(Number(rows[0]?.server_version_num ?? 0) / 10_000);
  if (major < OLDEST)
    throw fail(
      'bad_configuration',
      `DATABASE_URL names a PostgreSQL ${String(major)}; ${String(OLDEST)} or later is needed.`,
    );
}

/** Never with the address itself: it holds the password. */
function explain(error: unknown, url: URL): Error {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const where = `${url.hostname}:${url.port === '' ? '5432' : url.port}`;
  const configuration = (why: string): RekindleError =>
    fail('bad_configuration', `${why}; correct DATABASE_URL.`, { cause: error });
  if (code === '28P01' || code === '28000')
    return configuration(`PostgreSQL at ${where} refuses the user or password of DATABASE_URL`);
  if (code === '3D000') return configuration(`PostgreSQL at ${where} has no database ${url.pathname.slice(1)}`);
  if (/^(E[A-Z]+|57P03|53300|08\d+)$/.test(code) || /timeout|terminated|ended/i.test(message))
    return fail(
      'database_unreachable',
      `No PostgreSQL answers at ${where} (${code === '' ? message : code}); start it, correct DATABASE_URL, or leave DATABASE_URL empty to use the embedded one.`,
      { cause: error },
    );
  return error instanceof Error ? error : new Error(message);
}
