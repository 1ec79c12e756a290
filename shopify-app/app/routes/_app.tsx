/** Everything a signed-in person sees lies inside this layout: the frame, Polaris, and the page that failed. */
import { Outlet, useLoaderData, useRouteError, useRouteLoaderData } from '@remix-run/react';
import { AppProvider } from '@shopify/polaris';
import polarisWords from '@shopify/polaris/locales/en.json';
import type { LoaderFunctionArgs } from '@remix-run/node';
import type { ReactNode } from 'react';
import { Failure } from '../components/failure.tsx';
import { PolarisLink } from '../components/link.tsx';
import { answer } from '../context.server.ts';
import { Frame } from '../frame/frame.tsx';
import { frameView, type FrameView } from '../words/frame.server.ts';
import { readSettings } from '@rekindle/core';

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async (asking) => {
    const { store } = await readSettings(asking.engine, asking.storeId);
    return frameView(args.context.frame, asking, store);
  });

export default function App() {
  return (
    <Around view={useLoaderData<typeof loader>()}>
      <Outlet />
    </Around>
  );
}

function Around({ view, children }: { view: FrameView; children: ReactNode }) {
  return (
    <AppProvider i18n={polarisWords} linkComponent={PolarisLink}>
      <Frame view={view}>{children}</Frame>
    </AppProvider>
  );
}

export function ErrorBoundary() {
  const view = useRouteLoaderData<typeof loader>('routes/_app');
  const failure = <Failure error={useRouteError()} />;
  return view ? <Around view={view}>{failure}</Around> : <main className="rk-alone">{failure}</main>;
}
