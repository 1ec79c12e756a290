/**
 * The frame inside the Shopify admin: the admin shows the navigation and the title, App Bridge carries them there. It keeps
 * nothing in the browser: the admin's page is another site's, and its frames may be denied all storage.
 */
import { Link, useNavigate, useNavigation } from '@remix-run/react';
import { NavMenu } from '@shopify/app-bridge-react';
import { useEffect, type ReactNode } from 'react';
import type { FrameView } from '../words/frame.server.ts';
import { Content } from './content.tsx';
import { PAGES } from './pages.ts';

export function Embedded({ view, children }: { view: FrameView; children: ReactNode }) {
  useAdminNavigation();
  useAdminProgress();
  return (
    <>
      <NavMenu>
        {PAGES.map((page) => (
          <Link key={page.to} to={page.to} {...(page.to === '/' ? { rel: 'home' } : {})}>
            {page.label}
          </Link>
        ))}
      </NavMenu>
      <Content className="rk-main rk-main--embedded" simulated={view.simulated}>
        {children}
      </Content>
    </>
  );
}

/** A click in the admin's navigation changes the page without loading the document anew. */
function useAdminNavigation(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const follow = (event: Event) => {
      const address = event.target instanceof Element ? event.target.getAttribute('href') : null;
      if (address !== null) navigate(address);
    };
    document.addEventListener('shopify:navigate', follow);
    return () => {
      document.removeEventListener('shopify:navigate', follow);
    };
  }, [navigate]);
}

/** The admin's own bar says that a page is on its way. */
function useAdminProgress(): void {
  const busy = useNavigation().state !== 'idle';
  useEffect(() => {
    // Where App Bridge was kept from loading, pages work without the bar.
    if ('shopify' in window) window.shopify.loading(busy);
  }, [busy]);
}
