/** The way up, as a link of its own. */
import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';

export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="rk-back">
      <span aria-hidden="true">←</span> {children}
    </Link>
  );
}
