/** The frame of local runs: a bar with the store's name, and navigation at the side or, on a phone, at the thumb. */
import { Form, NavLink, useLocation, useNavigation } from '@remix-run/react';
import { Icon } from '@shopify/polaris';
import { useEffect, useRef, type ReactNode } from 'react';
import type { FrameView } from '../words/frame.server.ts';
import { Content } from './content.tsx';
import { PAGES } from './pages.ts';

export function Standalone({ view, children }: { view: FrameView; children: ReactNode }) {
  const busy = useNavigation().state === 'loading';
  return (
    <div className="rk-frame">
      <a className="rk-skip" href="#content">
        Skip to content
      </a>
      <header className="rk-top">
        <span className="rk-brand">
          <img src="/favicon.svg" alt="" width="24" height="24" />
          Rekindle
        </span>
        <StoreSwitch view={view} />
        <div className="rk-progress" data-busy={busy || undefined} />
      </header>
      <Pages />
      <Content className="rk-main" simulated={view.simulated}>
        {children}
      </Content>
    </div>
  );
}

/** On a phone they stand in a row that is wider than the screen: the page one is on is brought into sight. */
function Pages() {
  const { pathname } = useLocation();
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const here = row.current?.querySelector<HTMLElement>('[aria-current]');
    if (row.current && here)
      row.current.scrollLeft = here.offsetLeft + (here.offsetWidth - row.current.clientWidth) / 2;
  }, [pathname]);
  return (
    <nav className="rk-nav" aria-label="Pages" ref={row}>
      {PAGES.map((page) => (
        <NavLink key={page.to} to={page.to} end={page.end} className="rk-nav-link" prefetch="intent">
          <Icon source={page.icon} />
          <span>{page.label}</span>
        </NavLink>
      ))}
    </nav>
  );
}

function StoreSwitch({ view }: { view: FrameView }) {
  const { pathname } = useLocation();
  if (view.stores.length < 2) return <span className="rk-store">{view.store.name}</span>;
  return (
    <Form method="post" action="/switch-store" className="rk-switch">
      <input type="hidden" name="back" value={`/${pathname.split('/')[1] ?? ''}`} />
      <label htmlFor="store" className="rk-hidden">
        Store
      </label>
      <select id="store" name="store" defaultValue={view.store.id} key={view.store.id}>
        {view.stores.map((store) => (
          <option key={store.id} value={store.id}>
            {store.name}
          </option>
        ))}
      </select>
      <button type="submit" className="rk-button">
        Switch
      </button>
    </Form>
  );
}
