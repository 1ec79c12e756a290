/** Journeys: what runs by itself, or could. */
import { readJourneys } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, Card } from '@shopify/polaris';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Spoken } from '../components/spoken.tsx';
import { answer } from '../context.server.ts';
import { PageLink } from '../frame/page-link.tsx';
import { journeysView } from '../words/journeys.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.words.title ?? 'Journeys'} · Rekindle` },
];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => journeysView(await readJourneys(engine, storeId)));

export default function Journeys() {
  const view = useLoaderData<typeof loader>();
  return (
    <Spoken language={view.language}>
      <PageHead title={view.words.title} answer={view.answer} note={view.note} />
      <Card padding="0">
        {view.rows.length === 0 ? (
          <Empty
            title={view.words.emptyTitle}
            text={view.words.emptyText}
            link={{ label: view.words.emptyLink, url: '/customers' }}
          />
        ) : (
          <ul className="rk-campaigns">
            {view.rows.map((row) => (
              <li key={row.id}>
                <div className="rk-campaign-name">
                  <PageLink to={row.url}>{row.name}</PageLink>
                  <Badge {...(row.badge.tone ? { tone: row.badge.tone } : {})}>{row.badge.label}</Badge>
                </div>
                <p>{row.why}</p>
                <p className="rk-strong-line">{row.people}</p>
                <p className="rk-soft">{row.result}</p>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Spoken>
  );
}
