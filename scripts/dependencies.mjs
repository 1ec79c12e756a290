/**
 * Makes sure that what package-lock.json names is installed. Plain JavaScript without packages: it runs on the machine's
 * own Node (20 or later) before anything else is there, and says every failure in one sentence.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A failure that a person can act on: its message is all there is to say. */
export class PlainFailure extends Error {}

/** Installs unless the last install was of this very package-lock.json. Gives the Node to run with. */
export function ensureDependencies(root) {
  const modules = path.join(root, 'node_modules');
  const stamp = path.join(modules, '.rekindle-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    install(root, modules);
    keep(stamp, wanted);
  }
  return ensureNode(root, modules);
}

function install(root, modules) {
  const first = !existsSync(path.join(modules, '.package-lock.json'));
  mustBeWritable(root);
  const from = Date.now();
  say(first ? 'Installing what Rekindle needs (once; about a minute) …' : 'Installing what has changed …');
  // `npm ci` empties node_modules first: right for a fresh clone, needlessly slow for a package more or less.
  const failed = npm(root, first ? ['ci'] : ['install', '--no-save']);
  // A lock that another system's npm finds incomplete is no reason to stop.
  const output = failed !== undefined && /EUSAGE/.test(failed) ? npm(root, ['install', '--no-save']) : failed;
  if (output !== undefined) throw new PlainFailure(explain(output, root));
  say(`Installed in ${Math.round((Date.now() - from) / 1000)} s.`);
}

/** Nothing when it did it, else what it said. */
function npm(root, words) {
  const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress'];
  const own = process.env.npm_execpath ?? '';
  const command = /npm-cli\.c?js$/.test(own) ? [process.execPath, own] : ['npm'];
  const [file, ...rest] = [...command, ...words, ...flags];
  const done = spawnSync(file, rest, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.error?.code === 'ENOENT') throw new PlainFailure('npm was not found; install Node 20 or later with npm.');
  if (done.status === 0) return undefined;
  if (done.signal) throw new PlainFailure('The installation was interrupted; run the same command again.');
  return `${done.stderr ?? ''}\n${done.stdout ?? ''}\n${done.error?.message ?? ''}`;
}

/** npm's many lines as one sentence. */
function explain(output, root) {
  if (/ENOSPC|EDQUOT/.test(output)) return noSpace(root);
  if (/EROFS|EACCES|EPERM/.test(output)) return notWritable(root);
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH/.test(output))
    return 'The npm registry could not be reached; check the network (or `npm config get registry`) and run the same command again.';
  const why = /npm (?:error|ERR!) (?!code )(.+)/.exec(output)?.[1] ?? 'it ended without a reason';
  return `npm could not install what Rekindle needs: ${why.trim().replace(/\.$/, '')}. Run \`npm ci\` to see all of it.`;
}

/** The pinned Node, or the machine's own where that is new enough. */
function ensureNode(root, modules) {
  const pinned = path.join(modules, '.bin', 'node');
  if (runs(pinned)) return pinned;
  const own = Number(process.versions.node.split('.')[0]);
  if (own >= 24) return process.execPath;
  // An npm that runs no install scripts leaves the package "node" without its binary: this is that script.
  const folder = path.join(modules, 'node');
  if (existsSync(folder)) {
    mustBeWritable(folder);
    spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, stdio: 'ignore' });
  }
  if (runs(pinned)) return pinned;
  throw new PlainFailure(
    `Node 24 could not be installed beside the machine's ${process.version}; delete node_modules and run the same command again, or use Node 24.`,
  );
}

function runs(node) {
  return existsSync(node) && spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v24') === true;
}

function keep(stamp, content) {
  try {
    writeFileSync(stamp, content);
  } catch (error) {
    throw new PlainFailure(explain(String(error), path.dirname(stamp)));
  }
}

function mustBeWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new PlainFailure(notWritable(folder));
  }
}

function notWritable(folder) {
  return `The folder ${folder} cannot be written to; give this user the right to, or copy Rekindle to a folder of its own.`;
}

function noSpace(folder) {
  return `There is no space left on the disk that holds ${folder}; free about 2 GB and run the same command again.`;
}

function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}
