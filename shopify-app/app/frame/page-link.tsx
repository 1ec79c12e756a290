/**
 * A link to another page, whose data is fetched ahead when somebody is about to follow it. Not in the admin: what the browser
 * fetches ahead by itself carries no session token, and would be refused.
 */
import { Link } from '@remix-run/react';
import type { ComponentProps } from 'react';
import { useInAdmin } from './in-admin.ts';

export function PageLink(given: Omit<ComponentProps<typeof Link>, 'prefetch'>) {
  return <Link {...given} prefetch={useInAdmin() ? 'none' : 'intent'} />;
}
