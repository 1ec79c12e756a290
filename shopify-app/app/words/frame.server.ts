/** What the frame around the pages says. */
import type { Session } from '../context.server.ts';

export interface FrameView {
  kind: 'standalone';
  store: { id: string; name: string };
  stores: { id: string; name: string }[];
  simulated: boolean;
}

export function frameView(
  kind: 'standalone',
  session: Session,
  store: { id: string; name: string; simulated: boolean },
): FrameView {
  return { kind, store: { id: store.id, name: store.name }, stores: session.stores, simulated: store.simulated };
}
