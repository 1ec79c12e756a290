/** Models: do the forecasts come true, and what is missing? */
import { readModels } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, Card } from '@shopify/polaris';
import { BackLink } from '../components/back-link.tsx';
import { Calibration } from '../components/calibration.tsx';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Spoken } from '../components/spoken.tsx';
import { answer } from '../context.server.ts';
import { modelsView } from '../words/models.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.words.title ?? 'Forecasts'} · Rekindle` },
];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => modelsView(await readModels(engine, storeId)));

export default function Models() {
  const view = useLoaderData<typeof loader>();
  return (
    <Spoken language={view.language}>
      <PageHead
        back={<BackLink to="/insights">{view.words.back}</BackLink>}
        title={view.words.title}
        answer={view.answer}
        note={view.note}
      />
      {view.models.length + view.forecasts.length === 0 && (
        <Card padding="0">
          <Empty title={view.words.emptyTitle} text={view.words.emptyText} link={null} />
        </Card>
      )}
      {view.detail !== null && <Details summary={view.words.whyNot} lines={[view.detail]} />}
      {view.forecasts.map((one) => (
        <Panel key={one.title} title={one.title}>
          {one.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
          <Details summary={view.words.details} lines={one.details} />
        </Panel>
      ))}
      {view.models.map((model) => (
        <Panel key={model.key} title={model.name} badge={<Badge>{model.badge}</Badge>}>
          {model.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
          {model.calibration && <Calibration view={model.calibration} />}
          <Details summary={view.words.details} lines={model.details} />
        </Panel>
      ))}
    </Spoken>
  );
}

/** In the words of the papers, which are English in every language. */
function Details({ summary, lines }: { summary: string; lines: string[] }) {
  return (
    <details className="rk-details">
      <summary>{summary}</summary>
      <ul className="rk-steps" lang="en">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
