/**
 * nodemailer's pool of connections, and the one thing that it does not tell: whether any byte of a mail had left when it
 * failed. Before the first byte a failure is certain; after it only the server's own answer is.
 */
import type { Readable } from 'node:stream';
import { createTransport, type SendMailOptions, type SMTPPoolSentMessageInfo } from 'nodemailer';
import { fail } from '@rekindle/core';

export interface ClientOptions {
  /** smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 */
  url: string;
  /** How long a mail may take altogether, in milliseconds. Default 30,000. Longer: fewer doubts; shorter: fewer stalls. */
  timeoutMs?: number;
}

export type Attempt = { response: string } | { failure: unknown; bodyLeft: boolean };

export interface Client {
  /** Hands one mail over. Never throws, never tries twice. */
  send(mail: SendMailOptions): Promise<Attempt>;
}

const CONNECTIONS = 5;
/** Unused connections are ours to close: one that the server has closed meanwhile costs a failed attempt. */
const IDLE_MS = 2000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Throws `bad_configuration` where the address cannot be one. Nothing is opened before the first mail. */
export function smtpClient(options: ClientOptions): Client {
  const server = readUrl(options.url);
  const timeoutMs = options.timeoutMs ?? 30_000;
  let pool: Pool | undefined;
  let busy = 0;
  let closing: NodeJS.Timeout | undefined;

  return {
    async send(mail) {
      clearTimeout(closing);
      pool ??= openPool(server, timeoutMs);
      busy++;
      const watch: Watch = {};
      try {
        const watched: SendMailOptions & Watched = { ...mail, watch, signal: AbortSignal.timeout(timeoutMs) };
        const { response } = (await pool.sendMail(watched)) as SMTPPoolSentMessageInfo;
        return { response };
      } catch (failure) {
        return { failure, bodyLeft: watch.body?.readableDidRead ?? false };
      } finally {
        busy--;
        // The last one out: what is still open would keep the process alive.
        if (busy === 0)
          closing = setTimeout(() => {
            pool?.close();
            pool = undefined;
          }, IDLE_MS);
      }
    },
  };
}

interface Watch {
  body?: Readable;
}
interface Watched {
  watch: Watch;
}
type Pool = ReturnType<typeof openPool>;
type Server = ReturnType<typeof readUrl>;

function openPool(server: Server, timeoutMs: number) {
  const pool = createTransport({
    ...server,
    pool: true,
    maxConnections: CONNECTIONS,
    // What failed is told, not tried again: trying again is for whoever keeps the ledger.
    maxRequeues: 0,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  pool.use('stream', (mail, done) => {
    const { watch } = mail.data as SendMailOptions & Partial<Watched>;
    const { message } = mail;
    if (message && watch) {
      // The stream that goes out after the server's 354: the whole of it, after what signs it has read the mail.
      const open = message.createReadStream.bind(message);
      message.createReadStream = (options) => (watch.body = open(options));
    }
    done();
  });
  return pool;
}

/** nodemailer would read more from an address than we mean to allow (proxies, settings in the query). */
function readUrl(text: string) {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    throw fail('bad_configuration', 'SMTP_URL must be an address such as smtp://user:password@host:587');
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const auth = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : undefined;
  return {
    host,
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    // A password in clear is nobody's wish, but on this machine nobody listens.
    requireTLS: auth !== undefined && !secure && !LOOPBACK.test(host),
    ...(auth && { auth }),
  };
}
