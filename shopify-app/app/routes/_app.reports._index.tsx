/** Reports: the weeks and months that are over. */
import { readReports } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Card } from '@shopify/polaris';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Spoken } from '../components/spoken.tsx';
import { answer } from '../context.server.ts';
import { reportsView } from '../words/reports.server.ts';
import { PageLink } from '../frame/page-link.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.words.title ?? 'Reports'} · Rekindle` },
];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => reportsView(await readReports(engine, storeId)));

export default function Reports() {
  const view = useLoaderData<typeof loader>();
  return (
    <Spoken language={view.language}>
      <PageHead title={view.words.title} answer={view.answer} note={view.note} />
      <Card padding="0">
        {view.rows.length === 0 ? (
          <Empty
            title={view.words.emptyTitle}
            text={view.words.emptyText}
            link={{ label: view.words.emptyLink, url: '/settings' }}
          />
        ) : (
          <ul className="rk-campaigns">
            {view.rows.map((row) => (
              <li key={row.id}>
                <div className="rk-campaign-name" lang={row.language}>
                  <PageLink to={row.url}>{row.title}</PageLink>
                </div>
                <p className="rk-strong-line" lang={row.language}>
                  {row.answer}
                </p>
                <p className="rk-soft">{row.made}</p>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Spoken>
  );
}
