/** What a person sees when a page fails: what happened, that nothing was lost, what to do. */
import { isRouteErrorResponse, Link, useLocation } from '@remix-run/react';

export function Failure({ error }: { error: unknown }) {
  const missing = isRouteErrorResponse(error) && error.status === 404;
  const { pathname, search } = useLocation();
  const told = isRouteErrorResponse(error) && typeof error.data === 'string' ? error.data : '';
  const nowhere = told === '' ? 'There is nothing at this address' : 'Not found';
  return (
    <section className="rk-failure" role="alert">
      <h1>{missing ? nowhere : 'This page could not be shown'}</h1>
      <p>{sentence(told, missing)}</p>
      <p className="rk-actions">
        {!missing && (
          <Link className="rk-button rk-button--primary" to={pathname + search} replace>
            Try again
          </Link>
        )}
        <Link className="rk-button" to="/">
          Go to the overview
        </Link>
      </p>
    </section>
  );
}

function sentence(told: string, missing: boolean): string {
  if (missing) return told === '' ? 'It may have been removed, or the address was mistyped. Nothing was lost.' : told;
  return `${told === '' ? 'Something went wrong on our side.' : told} Nothing was lost: customers, campaigns and settings are as they were, and mails that are under way go on.`;
}
