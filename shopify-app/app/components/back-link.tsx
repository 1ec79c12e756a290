/** The way up, as a link of its own. */
import { Link } from '@remix-run/react';
import { Icon } from '@shopify/polaris';
import { ArrowLeftIcon } from '@shopify/polaris-icons';
import type { ReactNode } from 'react';

export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="rk-back">
      <Icon source={ArrowLeftIcon} /> {children}
    </Link>
  );
}
