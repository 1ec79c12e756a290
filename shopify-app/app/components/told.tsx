/** What became of a form, said where eyes are and to who listens. Its room is there only when there is something to say. */
import { Banner } from '@shopify/polaris';
import type { Done } from '../context.server.ts';

export function Told({ what }: { what: Done | undefined }) {
  return (
    <div role="status" className="rk-told">
      {what && <Banner tone={what.failed === null ? 'success' : 'critical'}>{what.done ?? what.failed}</Banner>}
    </div>
  );
}
