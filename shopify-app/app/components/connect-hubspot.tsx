/** The way to HubSpot's own page of what Rekindle asks for. It may be shown in no frame, so it takes the whole window. */
import { Banner, Button } from '@shopify/polaris';
import { useState } from 'react';

export function ConnectHubSpot() {
  const [state, setState] = useState<'idle' | 'leaving' | 'failed'>('idle');
  async function leave() {
    setState('leaving');
    try {
      // Asked for by fetch: inside the admin App Bridge then says who is asking.
      const answer = await fetch('/connect/hubspot', { headers: { Accept: 'application/json' } });
      const { url } = (await answer.json()) as { url: string };
      window.open(url, '_top');
    } catch {
      setState('failed');
    }
  }
  return (
    <div>
      <Button loading={state === 'leaving'} onClick={() => void leave()}>
        Connect HubSpot
      </Button>
      <div role="status">
        {state === 'failed' && (
          <Banner tone="critical">HubSpot’s page could not be opened. Try again in a minute.</Banner>
        )}
      </div>
    </div>
  );
}
