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
import { Spoken } from '../components/spoken.tsx';
import { answer, attempt } from '../context.server.ts';
import { formOf, textOf } from '../form-text.ts';
import { insightsView, putAwayWords, type InsightView } from '../words/insights.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.words.title ?? 'Insights'} · Rekindle` },
];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => insightsView(await readInsights(engine, storeId)));

export const action = (args: ActionFunctionArgs) =>
  attempt(args, async ({ engine, storeId, actor }) => {
    await dismissInsight(engine, storeId, textOf(await formOf(args.request), 'insight'), actor);
    return putAwayWords((await readInsights(engine, storeId)).store);
  });

export default function Insights() {
  const view = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  return (
    <Spoken language={view.language}>
      <PageHead title={view.words.title} answer={view.answer} note={view.note} />
      <Told what={fetcher.data} />
      {view.insights.length === 0 && (
        <Card padding="0">
          <Empty
            title={view.words.emptyTitle}
            text={view.words.emptyText}
            link={{ label: view.words.emptyLink, url: '/models' }}
          />
        </Card>
      )}
      {view.insights.map((one) => (
        <Finding
          key={one.id}
          one={one}
          iKnow={view.words.iKnow}
          dismiss={() => {
            fetcher.submit({ insight: one.id }, { method: 'post' });
          }}
        />
      ))}
    </Spoken>
  );
}

function Finding({ one, iKnow, dismiss }: { one: InsightView; iKnow: string; dismiss: () => void }) {
  return (
    <Panel title={one.title} badge={one.worth !== null && <Badge>{one.worth}</Badge>}>
      <p>{one.because}</p>
      {one.picture && <Picture view={one.picture} caption={one.title} />}
      <div className="rk-insight-foot">
        <Button url={one.action.url}>{one.action.label}</Button>
        <Button variant="plain" onClick={dismiss} accessibilityLabel={one.known}>
          {iKnow}
        </Button>
        <span className="rk-small">{one.foot}</span>
      </div>
    </Panel>
  );
}
