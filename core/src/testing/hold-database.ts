/** `node hold-database.ts FOLDER PASSWORD`: starts the embedded database, prints its address, and holds it until killed. */
import { startEmbeddedPostgres } from '../database/embedded.ts';

const [folder = '', password = ''] = process.argv.slice(2);
const { ownerUrl } = await startEmbeddedPostgres({ folder, password });
process.stdout.write(`${ownerUrl}\n`);
process.stdin.resume();
setInterval(() => undefined, 60_000);
