/** The document around every page, and the page that is left when one fails. */
import polarisStyles from '@shopify/polaris/build/esm/styles.css?url';
import { Links, Meta, Outlet, Scripts, useRouteError } from '@remix-run/react';
import type { LinksFunction, MetaFunction } from '@remix-run/node';
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

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useContext(NonceContext);
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
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
