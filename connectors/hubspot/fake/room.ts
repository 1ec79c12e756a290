/** Everything that one running fake holds. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';
import type { OAuth } from './oauth.ts';
import type { Portal } from './portal.ts';

export interface Room {
  portal: Portal;
  oauth: OAuth;
  faults: Fault[];
  requests: string[];
  pages: ((request: IncomingMessage, response: ServerResponse) => Promise<boolean>) | undefined;
}
