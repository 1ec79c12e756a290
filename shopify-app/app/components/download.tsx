/**
 * A file to take along. Inside the admin a plain link carries no session token and would bring the bounce page instead of the
 * file: there it is fetched, as App Bridge lets every fetch carry a token, and handed to the browser to keep.
 */
import { Button } from '@shopify/polaris';
import { useState } from 'react';
import { useInAdmin } from '../frame/in-admin.ts';

interface Given {
  url: string;
  children: string;
  /** Says that the file did not come, in the page's language */
  failed: string;
}

export function Download({ url, children, failed }: Given) {
  const inAdmin = useInAdmin();
  const [state, setState] = useState<'ready' | 'busy' | 'failed'>('ready');
  if (!inAdmin)
    return (
      <Button url={url} download external>
        {children}
      </Button>
    );
  const take = (): void => {
    setState('busy');
    fetchFile(url).then(
      () => {
        setState('ready');
      },
      () => {
        setState('failed');
      },
    );
  };
  return (
    <>
      <Button onClick={take} loading={state === 'busy'}>
        {children}
      </Button>
      <span role="status" className="rk-small">
        {state === 'failed' && failed}
      </span>
    </>
  );
}

async function fetchFile(url: string): Promise<void> {
  const answer = await fetch(url);
  // A page instead of a file: whoever asks is not let in.
  if (!answer.ok || answer.headers.get('content-disposition') === null)
    throw new Error(`HTTP ${String(answer.status)}`);
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name ?? 'rekindle';
  link.click();
  // Once the browser has begun to keep it.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
