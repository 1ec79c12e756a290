/**
 * Shopify's own description of its Admin API, as it ships it in an npm package for tools that write queries. Fetched from
 * whatever registry npm is configured for, its bytes held to a pinned digest, and kept outside the repository: it is Shopify's.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { fail } from '@rekindle/core';

export const SCHEMA_VERSION = '2026-07';

const PACKAGE = {
  name: '@shopify/dev-mcp@1.16.0',
  integrity: 'sha512-tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw==',
  file: `package/dist/data/admin_${SCHEMA_VERSION}.json.gz`,
  sha256: '5bcde995c89c59acdb2ee494378d96f45ce7378a16ec829a74b71d696a08ef19',
};

const CACHE = path.join(import.meta.dirname, '../../../node_modules/.cache/rekindle');
const CACHED = path.join(CACHE, `shopify-admin-${SCHEMA_VERSION}.json.gz`);

/** The schema's JSON, unpacked. From the cache, or fetched once. Throws `connector_unavailable` with one sentence. */
export async function readSchemaPackage(): Promise<string> {
  const bytes = (await readCached()) ?? (await fetchPackage());
  return gunzipSync(bytes).toString('utf8');
}

async function readCached(): Promise<Buffer | undefined> {
  const bytes = await readFile(CACHED).catch(() => undefined);
  // What is not what was pinned (a half-written file, another version) is fetched anew.
  return bytes && sha256(bytes) === PACKAGE.sha256 ? bytes : undefined;
}

async function fetchPackage(): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-shopify-schema-'));
  try {
    const tarball = await packed(folder);
    if (`sha512-${createHash('sha512').update(tarball).digest('base64')}` !== PACKAGE.integrity)
      throw fail('connector_unavailable', `What npm gave as ${PACKAGE.name} is not what is pinned; it is not used.`);
    const bytes = fileOf(gunzipSync(tarball), PACKAGE.file);
    if (!bytes || sha256(bytes) !== PACKAGE.sha256)
      throw fail(
        'connector_unavailable',
        `${PACKAGE.name} does not hold the schema of ${SCHEMA_VERSION} that is pinned.`,
      );
    await mkdir(CACHE, { recursive: true });
    const half = `${CACHED}.${String(process.pid)}`;
    await writeFile(half, bytes);
    await rename(half, CACHED);
    return bytes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function packed(folder: string): Promise<Buffer> {
  const words = ['pack', PACKAGE.name, '--silent', '--ignore-scripts', '--pack-destination', folder];
  try {
    // On Windows npm is a command file, which only a shell can start; the words are our own.
    const shell = process.platform === 'win32';
    const { stdout } = await promisify(execFile)('npm', words, { cwd: folder, shell, timeout: 180_000 });
    return await readFile(path.join(folder, stdout.trim().split('\n').at(-1) ?? ''));
  } catch (cause) {
    throw fail(
      'connector_unavailable',
      `Shopify’s schema (${PACKAGE.name}) cannot be fetched from the npm registry: without it there is no stand-in for Shopify.`,
      { cause },
    );
  }
}

/** A file of a tar archive (POSIX ustar: 512-byte headers, name at 0, size in octal at 124). */
function fileOf(tar: Buffer, name: string): Buffer | undefined {
  for (let at = 0; at + 512 <= tar.length;) {
    const found = text(tar, at, 100);
    const size = Number.parseInt(text(tar, at + 124, 12).trim(), 8);
    if (found === '' || Number.isNaN(size)) return undefined;
    if (found === name) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}

function text(bytes: Buffer, from: number, length: number): string {
  const all = bytes.toString('latin1', from, from + length);
  const end = all.indexOf('\0');
  return end === -1 ? all : all.slice(0, end);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
