/** Where a page stands in any frame. A new page begins at its top, for the eye and for a screen reader. */
import { useLocation, useNavigation } from '@remix-run/react';
import { useEffect, useRef, type ReactNode } from 'react';

interface Given {
  className: string;
  simulated: boolean;
  children: ReactNode;
}

export function Content({ className, simulated, children }: Given) {
  const busy = useNavigation().state === 'loading';
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <main id="content" className={className} tabIndex={-1} ref={main} aria-busy={busy}>
      {simulated && (
        <p className="rk-simulated" role="note">
          <strong>These customers are simulated.</strong> Nobody real is shown, and no mail goes to anybody.
        </p>
      )}
      {children}
    </main>
  );
}
