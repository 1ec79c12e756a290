/** Reports: the weeks and months that are over. */
import { readReports } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Card } from '@shopify/polaris';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { answer } from '../context.server.ts';
import { reportsView } from '../words/reports.server.ts';
import { PageLink } from '../frame/page-link.tsx';

export const meta: MetaFunction = () => [{ title: 'Reports · Rekindle' }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => reportsView(await readReports(engine, storeId)));

export default function Reports() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title="Reports" answer={view.answer} note={view.note} />
      <Card padding="0">
        {view.rows.length === 0 ? (
          <Empty
            title="Reports will be here"
            text="Every Monday on the week before, and on the first of each month: what came in, what mails did and brought, and what is to come. On this page, by mail, as CSV and as PDF, with the same numbers everywhere."
            link={{ label: 'Choose who gets them', url: '/settings' }}
          />
        ) : (
          <ul className="rk-campaigns">
            {view.rows.map((row) => (
              <li key={row.id}>
                <div className="rk-campaign-name">
                  <PageLink to={row.url}>{row.title}</PageLink>
                </div>
                <p className="rk-strong-line">{row.answer}</p>
                <p className="rk-soft">{row.made}</p>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
