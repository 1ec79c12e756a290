/**
 * The way to the names that are played: a CONNECT proxy (RFC 9110, section 9.3.6) that leads them to this machine and leads
 * nowhere else, so that a browser and a server behind it reach nobody real.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Proxy {
  /** http://127.0.0.1:port */
  url: string;
  /** Names that somebody wanted and that are not played */
  readonly refused: string[];
  close(): Promise<void>;
}

/** `isPlayed` says whether a name leads to the server at `port`. */
export async function startProxy(isPlayed: (host: string) => boolean, port: number): Promise<Proxy> {
  const refused: string[] = [];
  const open = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    open.add(socket);
    // A side that goes away takes the other with it; neither is an error here.
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
  };
  const server = createServer((request, response) => {
    refused.push(request.url ?? '');
    response.writeHead(403).end();
  });
  server.on('connect', (request, client: Duplex, head: Buffer) => {
    keep(client);
    const host = (request.url ?? '').replace(/:443$/, '');
    if (!isPlayed(host)) {
      refused.push(host);
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const behind: Socket = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      behind.write(head);
      behind.pipe(client);
      client.pipe(behind);
    });
    keep(behind);
    behind.once('close', () => client.destroy());
    client.once('close', () => behind.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    refused,
    async close() {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
