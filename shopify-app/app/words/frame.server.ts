/** What the frame around the pages says. */
import type { Frame, Session } from '../context.server.ts';

export interface FrameView {
  kind: Frame['kind'];
  store: { id: string; name: string };
  stores: { id: string; name: string }[];
  simulated: boolean;
}

export function frameView(
  frame: Frame,
  session: Session,
  store: { id: string; name: string; simulated: boolean },
): FrameView {
  return {
    kind: frame.kind,
    store: { id: store.id, name: store.name },
    stores: session.stores,
    simulated: store.simulated,
  };
}
