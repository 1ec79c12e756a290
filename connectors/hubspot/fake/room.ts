/** Everything that one running fake holds. */
import type { Fault } from './faults.ts';
import type { Host } from './host/host.ts';
import type { OAuth } from './oauth.ts';
import type { Portal } from './portal.ts';

export interface Room {
  portal: Portal;
  oauth: OAuth;
  faults: Fault[];
  requests: string[];
  host: Host;
}
