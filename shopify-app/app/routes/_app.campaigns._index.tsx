/** Campaigns: what was sent, what waits, and what it brought. */
import { readCampaigns } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, Button, Card } from '@shopify/polaris';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { answer } from '../context.server.ts';
import { campaignsView } from '../words/campaigns.server.ts';
import { PageLink } from '../frame/page-link.tsx';

export const meta: MetaFunction = () => [{ title: 'Campaigns · Rekindle' }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => {
    const after = new URL(args.request.url).searchParams.get('after') ?? undefined;
    return campaignsView(await readCampaigns(engine, storeId, after));
  });

export default function Campaigns() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title="Campaigns" answer={view.answer} />
      <Card padding="0">
        {view.rows.length === 0 ? (
          <Empty
            title="Campaigns will be here"
            text="When customers fall behind their rhythm, a mail to them is planned and written by itself. It waits here until you approve it; nothing is sent before."
            link={{ label: 'See who is slipping away', url: '/customers' }}
          />
        ) : (
          <ul className="rk-campaigns">
            {view.rows.map((row) => (
              <li key={row.id}>
                <div className="rk-campaign-name">
                  <PageLink to={row.url}>{row.name}</PageLink>
                  <Badge {...(row.badge.tone ? { tone: row.badge.tone } : {})}>{row.badge.label}</Badge>
                </div>
                {row.result !== '' && <p className="rk-strong-line">{row.result}</p>}
                <p className="rk-soft">
                  {row.audience} {row.when}
                </p>
              </li>
            ))}
          </ul>
        )}
        {view.nextUrl !== null && (
          <div className="rk-paging">
            <Button url={view.nextUrl}>Older</Button>
          </div>
        )}
      </Card>
    </>
  );
}
