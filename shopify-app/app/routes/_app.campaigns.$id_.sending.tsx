/** A campaign that is being sent now: how far, how fast, until when; pause and resume. It follows by itself. */
import { goOnSending, pauseCampaign, readCampaignProgress, readSending, resumeCampaign } from '@rekindle/core';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Badge, Banner, Button, ProgressBar } from '@shopify/polaris';
import { BackLink } from '../components/back-link.tsx';
import { useLookAgain } from '../components/look-again.ts';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Spoken } from '../components/spoken.tsx';
import { Told } from '../components/told.tsx';
import { answer, attempt } from '../context.server.ts';
import { formOf, textOf } from '../form-text.ts';
import { PageLink } from '../frame/page-link.tsx';
import { paceView, wentOn } from '../words/pace.server.ts';
import { doneWords, sendingView, type SendingView } from '../words/sending.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.title ?? 'Sending'} · Rekindle` }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => ({
    ...sendingView(await readCampaignProgress(engine, storeId, args.params['id'] ?? '')),
    speed: paceView(await readSending(engine, storeId)),
  }));

const STEPS = { pause: pauseCampaign, resume: resumeCampaign };

export const action = (args: ActionFunctionArgs) =>
  attempt(args, async ({ engine, storeId, actor }) => {
    const id = args.params['id'] ?? '';
    const name = textOf(await formOf(args.request), 'step');
    if (name === 'goOn') {
      await goOnSending(engine, storeId, actor);
      return wentOn(await readSending(engine, storeId));
    }
    if (name !== 'pause' && name !== 'resume')
      throw new Response('That cannot be done with a campaign.', { status: 400 });
    await STEPS[name](engine, storeId, id, actor);
    return doneWords(await readCampaignProgress(engine, storeId, id), name);
  });

export default function Sending() {
  const view = useLoaderData<typeof loader>();
  useLookAgain(view.moving);
  return (
    <Spoken language={view.language}>
      <PageHead
        back={<BackLink to={`/campaigns/${view.id}`}>{view.words.back}</BackLink>}
        title={view.title}
        badge={<Badge {...(view.badge.tone ? { tone: view.badge.tone } : {})}>{view.badge.label}</Badge>}
        answer={view.answer}
        note={view.note}
      />
      {view.trouble && (
        <Banner tone="warning" title={view.trouble.title}>
          <div className="rk-stack">
            <p>{view.trouble.text}</p>
            {view.trouble.link && <PageLink to={view.trouble.link.url}>{view.trouble.link.label}</PageLink>}
          </div>
        </Banner>
      )}
      {view.speed.brake && (
        <Banner tone={view.speed.brake.tone} title={view.speed.brake.title}>
          <div className="rk-stack">
            <p>{view.speed.brake.text}</p>
            {view.speed.brake.goOn && <Step step={view.speed.brake.goOn} />}
          </div>
        </Banner>
      )}
      <div className="rk-progress-row">
        <p id="progress">{view.progress.label}</p>
        <ProgressBar progress={view.progress.value} size="small" ariaLabelledBy="progress" animated={false} />
      </div>
      {view.step && <Step step={view.step} />}
      <Panel title={view.words.facts}>
        <dl className="rk-facts">
          {view.facts.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
              <dd className="rk-fact-hint">{fact.hint}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title={view.speed.title}>
        <dl className="rk-facts">
          {view.speed.facts.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
              <dd className="rk-fact-hint">{fact.hint}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <div className="rk-halves">
        <Panel title={view.words.pace}>
          <Minutes view={view} />
        </Panel>
        <Panel title={view.words.never}>
          {view.never.length === 0 && <p>{view.words.nobody}</p>}
          <ul className="rk-left-out">
            {view.never.map((one) => (
              <li key={one.reason}>
                <span>{one.reason}</span> <strong>{one.count}</strong>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </Spoken>
  );
}

/** Its effect stands beside it, and the other way is one click away: no dialogue. */
function Step({ step }: { step: { name: string; label: string; effect: string } }) {
  const fetcher = useFetcher<typeof action>();
  return (
    <>
      <fetcher.Form method="post" className="rk-check">
        <input type="hidden" name="step" value={step.name} />
        <Button
          submit
          size="large"
          variant={step.name === 'resume' ? 'primary' : 'secondary'}
          loading={fetcher.state !== 'idle'}
        >
          {step.label}
        </Button>
        <span className="rk-small">{step.effect}</span>
      </fetcher.Form>
      <Told what={fetcher.data} />
    </>
  );
}

function Minutes({ view }: { view: SendingView }) {
  if (view.minutes.length === 0) return <p>{view.words.quiet}</p>;
  return (
    <ol className="rk-minutes" aria-label={view.words.pacePicture}>
      {view.minutes.map((minute) => (
        <li key={minute.label}>
          <span className="rk-hidden">{minute.label}</span>
          <span aria-hidden="true" title={minute.label} style={{ height: `${String(minute.height * 100)}%` }} />
        </li>
      ))}
    </ol>
  );
}
