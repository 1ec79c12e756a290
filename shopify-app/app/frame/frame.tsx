/** Which frame is around the pages: the one place that knows. Pages are the same in all of them. */
import type { ReactNode } from 'react';
import type { FrameView } from '../words/frame.server.ts';
import { Embedded } from './embedded.tsx';
import { Standalone } from './standalone.tsx';

export function Frame({ view, children }: { view: FrameView; children: ReactNode }) {
  const Around = view.kind === 'embedded' ? Embedded : Standalone;
  return <Around view={view}>{children}</Around>;
}
