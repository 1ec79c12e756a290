/** Overview: is it working, and what should I do? */
import { readOverview } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, Button, ProgressBar } from '@shopify/polaris';
import { BandChart } from '../components/band-chart.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { StageBar } from '../components/stage-bar.tsx';
import { useLookAgain } from '../components/look-again.ts';
import { answer } from '../context.server.ts';
import { overviewView, type OverviewView } from '../words/overview.server.ts';

export const meta: MetaFunction = () => [{ title: 'Overview · Rekindle' }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => overviewView(await readOverview(engine, storeId)));

export default function Overview() {
  const view = useLoaderData<typeof loader>();
  useLookAgain(view.changing);
  if (view.sync.first)
    return (
      <>
        <PageHead title="Overview" answer={view.answer} note={view.note} />
        <Sync sync={view.sync} />
      </>
    );
  return (
    <>
      <PageHead title="Overview" answer={view.answer} note={view.note} />
      <div className="rk-columns">
        <Panel title="What your mails brought">
          {view.chart ? (
            <BandChart view={view.chart} caption="Incremental revenue, day by day" />
          ) : (
            <div className="rk-empty-chart">
              <p>{view.chartMissing}</p>
            </div>
          )}
        </Panel>
        <div className="rk-stack rk-stack--next">
          <Next step={view.next} />
          {view.finding !== null && (
            <Panel title="New to you">
              <p>{view.finding}</p>
              <div>
                <Button url="/insights" variant="plain">
                  See all findings
                </Button>
              </div>
            </Panel>
          )}
          {view.campaign && <Campaign campaign={view.campaign} />}
        </div>
      </div>
      {view.stages && (
        <Panel title="Customers by life stage" aside={view.stages.risk !== null && <Risk amount={view.stages.risk} />}>
          <StageBar stages={view.stages} />
          <p className="rk-small">{view.stages.method}</p>
        </Panel>
      )}
      {view.programme && (
        <Panel title="All campaigns against people who never get any">
          <p className="rk-strong-line">{view.programme.sentence}</p>
          <dl className="rk-facts">
            {view.programme.facts.map((fact) => (
              <div key={fact.label}>
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
      <Sync sync={view.sync} />
    </>
  );
}

function Next({ step }: { step: OverviewView['next'] }) {
  return (
    <Panel title="Next">
      <p className="rk-strong">{step.title}</p>
      <p>{step.text}</p>
      {step.button && (
        <div>
          <Button url={step.button.url} variant={step.button.primary ? 'primary' : 'secondary'} size="large">
            {step.button.label}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Campaign({ campaign }: { campaign: NonNullable<OverviewView['campaign']> }) {
  return (
    <Panel
      title={campaign.name}
      badge={<Badge {...(campaign.badge.tone ? { tone: campaign.badge.tone } : {})}>{campaign.badge.label}</Badge>}
    >
      {campaign.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {campaign.progress && (
        <div className="rk-meter">
          <ProgressBar
            progress={campaign.progress.share * 100}
            size="small"
            tone="primary"
            ariaLabelledBy="sent"
            animated={false}
          />
          <span id="sent">{campaign.progress.label}</span>
        </div>
      )}
      <div>
        <Button url={campaign.url} variant="plain">
          Open the campaign
        </Button>
      </div>
    </Panel>
  );
}

function Risk({ amount }: { amount: string }) {
  return (
    <span>
      <strong>{amount}</strong> a year at risk
    </span>
  );
}

function Sync({ sync }: { sync: OverviewView['sync'] }) {
  return (
    <Panel title="Your data" badge={<Badge tone={sync.tone}>{sync.badge}</Badge>}>
      <p>{sync.headline}</p>
      {sync.progress !== null && (
        <div className="rk-meter">
          <ProgressBar progress={sync.progress.percent} size="small" ariaLabelledBy="pull" animated={false} />
          <span id="pull">{sync.progress.label}</span>
        </div>
      )}
      <dl className="rk-facts">
        {sync.facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {sync.notes.map((note) => (
        <p key={note} className="rk-small">
          {note}
        </p>
      ))}
    </Panel>
  );
}
