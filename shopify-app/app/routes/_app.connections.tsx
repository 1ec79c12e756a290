/** Connections: which platforms the store is connected to, and whether that works. */
import { pullSoon, readConnections } from '@rekindle/core';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useFetcher, useLoaderData, useRevalidator } from '@remix-run/react';
import { Badge, Banner, Button, Link, ProgressBar } from '@shopify/polaris';
import { useEffect } from 'react';
import { ConnectHubSpot } from '../components/connect-hubspot.tsx';
import { Download } from '../components/download.tsx';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Told } from '../components/told.tsx';
import { answer, attempt } from '../context.server.ts';
import { formOf, textOf } from '../form-text.ts';
import { connectionsView, type ConnectionView } from '../words/connections.server.ts';

export const meta: MetaFunction = () => [{ title: 'Connections · Rekindle' }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => ({
    ...connectionsView(await readConnections(engine, storeId)),
    mayConnect: args.context.mayConnect === true,
  }));

export const action = (args: ActionFunctionArgs) =>
  attempt(args, async ({ engine, storeId }) => {
    await pullSoon(engine, storeId, textOf(await formOf(args.request), 'connection'));
    return 'Asked for. It starts within a few seconds.';
  });

/** Milliseconds between two looks while something comes in. */
const LOOK_AGAIN = 3000;

export default function Connections() {
  const view = useLoaderData<typeof loader>();
  const { revalidate } = useRevalidator();
  const moving = view.connections.some((one) => one.progress !== null);
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(revalidate, LOOK_AGAIN);
    return () => {
      clearInterval(timer);
    };
  }, [moving, revalidate]);
  return (
    <>
      <PageHead title="Connections" answer={view.answer} note={view.note} />
      {view.connections.length === 0 && (
        <Empty
          title="Your platforms will be here"
          text="Open Rekindle inside your Shopify admin, or connect HubSpot or Salesforce, and customers and orders come in by themselves."
          link={null}
        />
      )}
      {view.connections.map((one) => (
        <Connection key={one.id} one={one} />
      ))}
      {view.mayConnect && <ConnectHubSpot />}
      {view.exports.length > 0 && (
        <Panel title="People who asked what is kept of them">
          <ul className="rk-plain">
            {view.exports.map((one) => (
              <li key={one.id}>
                <Download url={one.url} failed="The file did not come. Load the page again and try once more.">
                  {one.text}
                </Download>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function Connection({ one }: { one: ConnectionView }) {
  const fetcher = useFetcher<typeof action>();
  return (
    <Panel title={one.name} badge={<Badge tone={one.badge.tone}>{one.badge.label}</Badge>} aside={one.account}>
      <p>{one.answer}</p>
      {one.progress !== null && <ProgressBar progress={one.progress} size="small" />}
      {one.trouble !== null && (
        <Banner tone={one.badge.tone === 'critical' ? 'critical' : 'warning'}>
          <p>{one.trouble}</p>
        </Banner>
      )}
      <dl className="rk-facts">
        {one.facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {one.record !== null && (
        <p>
          <Link url={one.record.url} target="_blank">
            {one.record.label}
          </Link>
        </p>
      )}
      {one.mayTry && (
        <fetcher.Form method="post">
          <input type="hidden" name="connection" value={one.id} />
          <Button
            submit
            loading={fetcher.state !== 'idle'}
            accessibilityLabel={`${one.trouble === null ? 'Sync now' : 'Try again'}: ${one.name}`}
          >
            {one.trouble === null ? 'Sync now' : 'Try again'}
          </Button>
        </fetcher.Form>
      )}
      <Told what={fetcher.data} />
    </Panel>
  );
}
