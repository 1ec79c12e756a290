/** The document around every page, and the page that is left when one fails. */
import polarisStyles from '@shopify/polaris/build/esm/styles.css?url';
import { Links, Meta, Outlet, Scripts, useRouteError, useRouteLoaderData } from '@remix-run/react';
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useContext, useEffect, type ReactNode } from 'react';
import { Failure } from './components/failure.tsx';
import { NonceContext } from './nonce.ts';
import styles from './styles/app.css?url';

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: polarisStyles },
  { rel: 'stylesheet', href: styles },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
];

export const meta: MetaFunction = () => [{ title: 'Rekindle' }];

/** What App Bridge needs, where the admin is around the page. It stays the same as long as the document does. */
export const loader = ({ context }: LoaderFunctionArgs) =>
  context.frame.kind === 'embedded' ? { apiKey: context.frame.apiKey, script: context.frame.bridge } : null;

export const shouldRevalidate = () => false;

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useContext(NonceContext);
  const bridge = useRouteLoaderData<typeof loader>('root');
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {bridge && (
          <>
            <meta name="shopify-api-key" content={bridge.apiKey} />
            {/* Shopify asks that it comes first and holds up the page: it gives every request its session token. */}
            <script src={bridge.script} />
          </>
        )}
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        {/* The browser hides a nonce from scripts, so the two renderings may differ in it and in nothing else. */}
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  // Says that the page answers to clicks now.
  useEffect(() => {
    document.documentElement.dataset['awake'] = 'yes';
  }, []);
  return <Outlet />;
}

export function ErrorBoundary() {
  return (
    <main className="rk-alone">
      <Failure error={useRouteError()} />
    </main>
  );
}
