/** Models: how well do they foretell, and what is missing? */
import { readModels } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, Card } from '@shopify/polaris';
import { BackLink } from '../components/back-link.tsx';
import { Calibration } from '../components/calibration.tsx';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { answer } from '../context.server.ts';
import { modelsView } from '../words/models.server.ts';

export const meta: MetaFunction = () => [{ title: 'Models · Rekindle' }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => modelsView(await readModels(engine, storeId)));

export default function Models() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        back={<BackLink to="/insights">Insights</BackLink>}
        title="How well the models foretell"
        answer={view.answer}
        note={view.note}
      />
      {view.models.length === 0 && (
        <Card padding="0">
          <Empty
            title="Models will be here"
            text="With the first orders each model is tried on the end of your own history, which it has not seen. How well it did stands here, and what is missing for those that cannot be used yet."
            link={null}
          />
        </Card>
      )}
      {view.models.map((model) => (
        <Panel key={model.name} title={model.name} badge={<Badge>{model.badge}</Badge>}>
          {model.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
          {model.warnings.map((warning) => (
            <p key={warning} className="rk-small">
              {warning}
            </p>
          ))}
          {model.calibration && <Calibration view={model.calibration} />}
        </Panel>
      ))}
      {view.detail !== null && (
        <Panel title="Why none scores, exactly">
          <p className="rk-small">{view.detail}</p>
        </Panel>
      )}
      {view.forecasts.map((one) => (
        <Panel key={one.title} title={`Forecast: ${one.title}`}>
          {one.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Panel>
      ))}
    </>
  );
}
