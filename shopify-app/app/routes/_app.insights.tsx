/** Insights: what did I not know? */
import { dismissInsight, readInsights } from '@rekindle/core';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Badge, Button, Card } from '@shopify/polaris';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Picture } from '../components/picture.tsx';
import { Told } from '../components/told.tsx';
import { answer, attempt } from '../context.server.ts';
import { textOf } from '../form-text.ts';
import { insightsView, type InsightView } from '../words/insights.server.ts';

export const meta: MetaFunction = () => [{ title: 'Insights · Rekindle' }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => insightsView(await readInsights(engine, storeId)));

export const action = (args: ActionFunctionArgs) =>
  attempt(args, async ({ engine, storeId, actor }) => {
    await dismissInsight(engine, storeId, textOf(await args.request.formData(), 'insight'), actor);
    return 'Put away. It comes back only with news.';
  });

export default function Insights() {
  const view = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  return (
    <>
      <PageHead title="Insights" answer={view.answer} note={view.note} />
      <Told what={fetcher.data} />
      {view.insights.length === 0 && (
        <Card padding="0">
          <Empty
            title="Findings will be here"
            text="Once a day your orders, customers and mails are looked through: cohorts that slip, hours that work, products that bring people back. What is surely so stands here, dearest first, each with one thing to do."
            link={{ label: 'See how well the models foretell', url: '/models' }}
          />
        </Card>
      )}
      {view.insights.map((one) => (
        <Finding
          key={one.id}
          one={one}
          dismiss={() => {
            fetcher.submit({ insight: one.id }, { method: 'post' });
          }}
        />
      ))}
    </>
  );
}

function Finding({ one, dismiss }: { one: InsightView; dismiss: () => void }) {
  return (
    <Panel title={one.title} badge={one.worth !== null && <Badge>{one.worth}</Badge>}>
      <p>{one.because}</p>
      {one.picture && <Picture view={one.picture} caption={one.title} />}
      <div className="rk-insight-foot">
        <Button url={one.action.url}>{one.action.label}</Button>
        <Button variant="plain" onClick={dismiss} accessibilityLabel={`I know this: ${one.title}`}>
          I know this
        </Button>
        <span className="rk-small">
          {one.sure}. Found {one.since}.
        </span>
      </div>
    </Panel>
  );
}
