/** Looks for a taken port before the long part of a start, not after it. */
import { createServer, type AddressInfo } from 'node:net';
import { fail } from '@rekindle/core';

/** The port itself, or a free one for 0. Throws `port_taken` or `bad_configuration`. */
export function mustBeFree(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(explain(error, host, port));
    });
    probe.listen(port, host, () => {
      const free = (probe.address() as AddressInfo).port;
      probe.close(() => {
        resolve(free);
      });
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return fail(
      'port_taken',
      `Port ${String(port)} is taken; end what listens there, or choose another: PORT=${String(port + 1)} npm start`,
      { cause: error },
    );
  return fail('bad_configuration', `Nothing can listen on ${host} port ${String(port)}; correct HOST or PORT.`, {
    cause: error,
  });
}
