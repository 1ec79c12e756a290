/** A page's name where the frame shows one of its own: in the admin's title bar. */
import { useRouteLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import type { loader } from '../root.tsx';

export function FrameTitle({ title }: { title: string }) {
  const bridge = useRouteLoaderData<typeof loader>('root');
  return bridge ? <TitleBar title={title} /> : null;
}
