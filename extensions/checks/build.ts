/**
 * Builds the extensions as a deployment would, by Shopify's own CLI, without a network and without an account: in a copy, so that
 * nothing of the build lies about here. The CLI passes over an extension that it does not recognise and ends well all the same;
 * therefore a missing bundle is a failure here.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');

export interface Built {
  /** Extension → its script; empty where the build failed */
  bundles: Map<string, string>;
  /** What is wrong, in sentences; empty where all is well */
  problems: string[];
}

/** `root` has shopify.app.toml and extensions/. */
export async function buildExtensions(root = ROOT): Promise<Built> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-extensions-'));
  try {
    cpSync(path.join(root, 'shopify.app.toml'), path.join(folder, 'shopify.app.toml'));
    writeFileSync(path.join(folder, 'package.json'), '{ "name": "rekindle", "private": true }');
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    const names = globSync('extensions/*/shopify.extension.toml', { cwd: root }).map(
      (file) => file.split('/')[1] ?? '',
    );
    for (const name of names)
      cpSync(path.join(root, 'extensions', name), path.join(folder, 'extensions', name), { recursive: true });
    const { code, said } = await runCli(folder);
    if (code !== 0) return { bundles: new Map(), problems: [`shopify app build ended with ${String(code)}: ${said}`] };
    return collect(folder, names);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function collect(folder: string, names: string[]): Built {
  const bundles = new Map<string, string>();
  for (const name of names) {
    const file = path.join(folder, 'extensions', name, 'dist', `${name}.js`);
    if (existsSync(file)) bundles.set(name, readFileSync(file, 'utf8'));
  }
  const missing = names.filter((name) => !bundles.has(name));
  return { bundles, problems: missing.map((name) => `extensions/${name}: Shopify's CLI built nothing of it`) };
}

async function runCli(folder: string): Promise<{ code: number | null; said: string }> {
  const registry = await startRegistry();
  const env = {
    ...process.env,
    CI: '1',
    // Its settings, logs and caches go away with the copy.
    HOME: folder,
    XDG_CONFIG_HOME: path.join(folder, '.config'),
    XDG_CACHE_HOME: path.join(folder, '.cache'),
    SHOPIFY_CLI_NO_ANALYTICS: '1',
    npm_config_registry: `http://127.0.0.1:${String((registry.address() as AddressInfo).port)}/`,
  };
  try {
    return await run(
      'shopify',
      ['app', 'build', '--path', folder, '--skip-dependencies-installation', '--no-color'],
      env,
    );
  } finally {
    await new Promise((resolve) => registry.close(resolve));
  }
}

/** The CLI asks the registry for its newest version and fails where it gets no answer: it is told that it is the newest. */
async function startRegistry(): Promise<Server> {
  const manifest = createRequire(import.meta.url).resolve('@shopify/cli/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const answer = JSON.stringify({ 'dist-tags': { latest: version }, versions: { [version]: { version } } });
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function run(command: string, words: string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const listen = (bytes: Buffer): void => {
      said += bytes.toString();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error) => {
      resolve({ code: 1, said: error.message });
    });
    child.on('close', (code) => {
      resolve({ code, said });
    });
  });
}
