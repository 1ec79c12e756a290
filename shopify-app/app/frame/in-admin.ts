/** Whether the Shopify admin is around the page. */
import { useRouteLoaderData } from '@remix-run/react';
import type { loader } from '../root.tsx';

export function useInAdmin(): boolean {
  const bridge = useRouteLoaderData<typeof loader>('root');
  return bridge !== undefined && bridge !== null;
}
