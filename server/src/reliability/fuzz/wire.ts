/**
 * A client that sends what no decent client would: bytes as they are, over a connection that is kept while both sides are
 * content. Each connection comes from an address of its own in this machine's loopback net, as visitors do.
 */
import { connect, type Socket } from 'node:net';

export type Answer = number | 'closed' | 'silent';

/** Milliseconds after which no answer counts as none. */
const PATIENCE_MS = 15_000;
/** Requests of one connection. */
const KEPT = 60;
const HEAD_END = Buffer.from('\r\n\r\n');

export interface Wire {
  /** `last`: nothing comes after these bytes, so that what is incomplete is known to be. `head`: the answer has no body. */
  send(bytes: Uint8Array, options: { last: boolean; head: boolean }): Promise<Answer>;
  close(): void;
}

export function openWire(port: number, addressOf: () => string): Wire {
  let socket: Socket | undefined;
  let left = 0;

  function connection(): Socket {
    if (socket !== undefined && left-- > 0 && !socket.destroyed && socket.writable) return socket;
    socket?.destroy();
    left = KEPT;
    socket = connect({ port, host: '127.0.0.1', localAddress: addressOf(), noDelay: true });
    // Who is answered, or not, hears of it below.
    socket.on('error', () => undefined);
    return socket;
  }

  return {
    send(bytes, { last, head }) {
      const used = connection();
      return new Promise((resolve) => {
        let heard: Buffer = Buffer.alloc(0);
        const timer = setTimeout(() => {
          end('silent', false);
        }, PATIENCE_MS);
        const onData = (piece: Buffer): void => {
          heard = heard.length === 0 ? piece : Buffer.concat([heard, piece]);
          const answer = readAnswer(heard, head);
          if (answer !== undefined) end(answer.status, answer.kept && !last);
        };
        const onClose = (): void => {
          end(statusOf(heard) ?? 'closed', false);
        };
        function end(answer: Answer, keep: boolean): void {
          clearTimeout(timer);
          used.off('data', onData);
          used.off('close', onClose);
          if (!keep) {
            used.destroy();
            if (socket === used) socket = undefined;
          }
          resolve(answer);
        }
        used.on('data', onData);
        used.on('close', onClose);
        if (last) used.end(bytes);
        else used.write(bytes);
      });
    },
    close() {
      socket?.destroy();
    },
  };
}

function statusOf(heard: Buffer): number | undefined {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(heard.toString('latin1', 0, 12))?.[1];
  return status === undefined ? undefined : Number(status);
}

/** The answer once it is whole. */
function readAnswer(heard: Buffer, head: boolean): { status: number; kept: boolean } | undefined {
  const end = heard.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const status = statusOf(heard);
  if (status === undefined) return undefined;
  const headers = heard.toString('latin1', 0, end).toLowerCase();
  if (status < 200) return readAnswer(heard.subarray(end + 4), head);
  const kept = !headers.includes('\r\nconnection: close');
  if (head || status === 204 || status === 304) return { status, kept };
  const length = /\r\ncontent-length: (\d+)/.exec(headers)?.[1];
  if (length !== undefined) return heard.length >= end + 4 + Number(length) ? { status, kept } : undefined;
  if (headers.includes('\r\ntransfer-encoding: chunked'))
    return heard.subarray(-5).toString('latin1') === '0\r\n\r\n' ? { status, kept } : undefined;
  // Ends with the connection.
  return undefined;
}
