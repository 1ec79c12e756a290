/**
 * A file or an http(s) address as a stream of its plain bytes. Gzip is told by its magic bytes, not by its name. Nothing is
 * held but the piece at hand.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fail, RekindleError } from '@rekindle/core';

const PIECE = 1 << 16;

export interface Source {
  /** How people call it; without what an address may carry after the path. */
  readonly name: string;
  /** Changes when the content does; undefined where nothing tells. */
  validator(): Promise<string | undefined>;
  /** The plain bytes from the first to the last. */
  read(): Promise<Bytes>;
}

export interface Bytes {
  pieces: AsyncIterable<Buffer>;
  /** 0..1 of the whole; undefined where the size is not known. */
  progress(): number | undefined;
}

export function openSource(address: string): Source {
  return /^https?:\/\//i.test(address) ? webSource(address) : fileSource(address);
}

function fileSource(path: string): Source {
  async function look(): Promise<{ size: number; mtimeMs: number; ino: number }> {
    try {
      const found = await stat(path);
      if (found.isDirectory()) throw fail('bad_file', `${path} is a folder, not a file.`);
      return found;
    } catch (error) {
      throw describe(error, path);
    }
  }
  return {
    name: path,
    async validator() {
      const { size, mtimeMs, ino } = await look();
      return `${String(size)}-${String(mtimeMs)}-${String(ino)}`;
    },
    async read() {
      const { size } = await look();
      return unpack(createReadStream(path, { highWaterMark: PIECE }), size, path);
    },
  };
}

function describe(error: unknown, name: string): unknown {
  if (error instanceof RekindleError || !(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const sentence = {
    ENOENT: `There is no file ${name}.`,
    ENOTDIR: `There is no file ${name}.`,
    EACCES: `${name} may not be read: permission denied.`,
    EPERM: `${name} may not be read: permission denied.`,
    EISDIR: `${name} is a folder, not a file.`,
    ERR_INVALID_ARG_VALUE: 'The path of the file holds a null character.',
  }[code];
  if (sentence !== undefined) return fail('bad_file', sentence, { cause: error });
  if (code === 'Z_BUF_ERROR') return fail('bad_file', `${name} is a gzip file that ends too early; copy it again.`);
  if (code.startsWith('Z_'))
    return fail('bad_file', `${name} is a damaged gzip file; copy it again.`, { cause: error });
  return error;
}

function webSource(address: string): Source {
  if (!URL.canParse(address)) throw fail('bad_configuration', 'The address of the CSV source is not a valid URL.');
  const { origin, pathname } = new URL(address);
  const name = origin + pathname;
  async function ask(method: 'GET' | 'HEAD'): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(address, { method });
    } catch (cause) {
      throw fail('connector_unavailable', `${name} cannot be reached.`, { cause });
    }
    return response;
  }
  return {
    name,
    async validator() {
      const response = await ask('HEAD');
      await response.body?.cancel();
      // A server that does not know HEAD tells nothing; whatever else is wrong, reading will say.
      if (!response.ok) return undefined;
      return response.headers.get('etag') ?? undefined;
    },
    async read() {
      const response = await ask('GET');
      if (!response.ok || !response.body) {
        await response.body?.cancel();
        throw fail(
          response.status >= 500 || response.status === 429 ? 'connector_unavailable' : 'connector_refused',
          `${name} answered ${String(response.status)}.`,
        );
      }
      // fetch() unpacks a Content-Encoding by itself; the length then is that of the packed body and tells nothing.
      const size = response.headers.has('content-encoding')
        ? undefined
        : Number(response.headers.get('content-length'));
      return unpack(Readable.fromWeb(response.body), size || undefined, name, broken);
    },
  };
  function broken(error: unknown): unknown {
    const described = describe(error, name);
    if (described instanceof RekindleError) return described;
    return fail('connector_unavailable', `${name} broke off before its end.`, { cause: error });
  }
}

async function unpack(
  raw: Readable,
  size: number | undefined,
  name: string,
  explain: (error: unknown) => unknown = (error) => describe(error, name),
): Promise<Bytes> {
  let passed = 0;
  const counted = raw[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await counted.next().catch((error: unknown) => {
    throw explain(error);
  });
  async function* whole(): AsyncGenerator<Buffer> {
    try {
      for (let next = first; next.done !== true; next = await counted.next()) {
        passed += next.value.length;
        yield next.value;
      }
    } finally {
      raw.destroy();
    }
  }
  const packed = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b;
  async function* pieces(): AsyncGenerator<Buffer> {
    try {
      if (packed) yield* gunzip(whole());
      else yield* whole();
    } catch (error) {
      throw explain(error);
    }
  }
  return { pieces: pieces(), progress: () => (size === undefined ? undefined : Math.min(1, passed / size)) };
}

async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacked = createGunzip({ chunkSize: PIECE });
  const input = Readable.from(packed);
  // pipe() does not carry errors over.
  input.on('error', (error) => unpacked.destroy(error));
  input.pipe(unpacked);
  try {
    for await (const piece of unpacked) yield piece as Buffer;
  } finally {
    unpacked.destroy();
    input.destroy();
  }
}
