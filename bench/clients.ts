/**
 * Clients that ask over plain sockets: HTTP/1.1 with keep-alive, one question at a time on each connection, and of an answer no more
 * is read than where it ends. On a machine of two cores whoever asks must cost little, or it is itself that is measured.
 */
import { connect, type Socket } from 'node:net';

export interface Ask {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: Uint8Array;
}

export interface Clients {
  /** Gives the status. Waits where all connections are busy, in the order of the asking. */
  ask(one: Ask): Promise<number>;
  close(): void;
}

interface Waiting {
  host: string;
  port: number;
  head: string;
  body: Uint8Array | undefined;
  done(status: number): void;
  fail(error: Error): void;
}

interface Connection {
  /** host:port */
  to: string;
  socket: Socket;
  asked: Waiting | undefined;
  heard: string;
}

const HEAD_END = '\r\n\r\n';

export function openClients(most: number): Clients {
  const connections: Connection[] = [];
  const waiting: Waiting[] = [];
  let idle: Connection[] = [];
  let closed = false;

  function open(one: Waiting): Connection {
    const made: Connection = {
      to: `${one.host}:${String(one.port)}`,
      socket: connect(one.port, one.host).setNoDelay(true).setEncoding('latin1'),
      asked: undefined,
      heard: '',
    };
    made.socket.on('data', (text: string) => {
      hear(made, text);
    });
    const lost = (error?: Error): void => {
      connections.splice(connections.indexOf(made), 1);
      idle = idle.filter((other) => other !== made);
      if (!closed) made.asked?.fail(error ?? new Error('the server hung up'));
      made.asked = undefined;
    };
    made.socket.once('error', lost).once('end', lost);
    connections.push(made);
    return made;
  }

  function hear(connection: Connection, text: string): void {
    connection.heard += text;
    const status = wholeAnswer(connection.heard);
    const { asked } = connection;
    if (status === undefined || !asked) return;
    connection.asked = undefined;
    connection.heard = '';
    const next = waiting.shift();
    if (next) send(connection, next);
    else idle.push(connection);
    asked.done(status);
  }

  function send(free: Connection, one: Waiting): void {
    let connection = free;
    if (connection.to !== `${one.host}:${String(one.port)}`) {
      connection.socket
        .removeAllListeners()
        .on('error', () => undefined)
        .destroy();
      connections.splice(connections.indexOf(connection), 1);
      connection = open(one);
    }
    connection.asked = one;
    if (!one.body) connection.socket.write(one.head, 'latin1');
    else {
      connection.socket.cork();
      connection.socket.write(one.head, 'latin1');
      connection.socket.write(one.body);
      connection.socket.uncork();
    }
  }

  return {
    ask({ url, method = 'GET', headers = {}, body }) {
      const { hostname: host, port, pathname, search } = new URL(url);
      const lines = Object.entries({ ...headers, ...(body ? { 'content-length': String(body.length) } : {}) });
      const more = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const head = `${method} ${pathname}${search} HTTP/1.1\r\nhost: ${host}:${port}\r\n${more}\r\n`;
      return new Promise((done, fail) => {
        const one: Waiting = { host, port: Number(port), head, body, done, fail };
        const free = idle.pop();
        if (free) send(free, one);
        else if (connections.length < most) send(open(one), one);
        else waiting.push(one);
      });
    },
    close() {
      closed = true;
      for (const { socket } of connections) socket.destroy();
    },
  };
}

/** The status of an answer that is there to its end. */
function wholeAnswer(heard: string): number | undefined {
  const end = heard.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const head = heard.slice(0, end).toLowerCase();
  const body = end + HEAD_END.length;
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  const whole =
    length === undefined
      ? !head.includes('\r\ntransfer-encoding: chunked') ||
        heard.endsWith('\r\n0\r\n\r\n') ||
        heard.slice(body) === '0\r\n\r\n'
      : heard.length >= body + Number(length);
  return whole ? Number(heard.slice(9, 12)) : undefined;
}
