/** One journey: who is where in it, what it says, and what it brought. */
import { cancelCampaign, pauseCampaign, readJourney, resumeCampaign, switchOnJourney } from '@rekindle/core';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, Banner } from '@shopify/polaris';
import { BackLink } from '../components/back-link.tsx';
import { BandChart } from '../components/band-chart.tsx';
import { Flow } from '../components/flow.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Phone } from '../components/phone.tsx';
import { Spoken } from '../components/spoken.tsx';
import { Steps } from '../components/steps.tsx';
import { answer, attempt } from '../context.server.ts';
import { textOf } from '../form-text.ts';
import { doneWords } from '../words/journey-words.server.ts';
import { journeyView, type JourneyView } from '../words/journeys.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.name ?? 'Journey'} · Rekindle` }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => journeyView(await readJourney(engine, storeId, args.params['id'] ?? '')));

const STEPS = { on: switchOnJourney, pause: pauseCampaign, resume: resumeCampaign, stop: cancelCampaign };

export const action = (args: ActionFunctionArgs) =>
  attempt(args, async ({ engine, storeId, actor }) => {
    const id = args.params['id'] ?? '';
    const name = textOf(await args.request.formData(), 'step');
    if (!Object.hasOwn(STEPS, name)) throw new Response('That cannot be done with a journey.', { status: 400 });
    // Also what keeps a campaign that is no journey out.
    const { store } = await readJourney(engine, storeId, id);
    await STEPS[name as keyof typeof STEPS](engine, storeId, id, actor);
    return doneWords(store.language, name as keyof typeof STEPS);
  });

export default function Journey() {
  const view = useLoaderData<typeof loader>();
  const { words } = view;
  return (
    <Spoken language={view.language}>
      <PageHead
        back={<BackLink to="/journeys">{words.back}</BackLink>}
        title={view.name}
        badge={<Badge {...(view.badge.tone ? { tone: view.badge.tone } : {})}>{view.badge.label}</Badge>}
        answer={view.answer}
        note={view.note}
      />
      {view.warning !== null && (
        <Banner tone="critical" title={words.broken}>
          <p>{view.warning}</p>
        </Banner>
      )}
      <Steps steps={view.steps} notNow={words.notNow} />
      <div className="rk-columns">
        <Panel title={words.flow}>
          <Flow nodes={view.flow} leaves={words.leaves} label={words.flow} />
        </Panel>
        <div className="rk-stack">
          <Rules view={view} />
          <LeftOut view={view} />
        </div>
      </div>
      {view.lift && <Lift lift={view.lift} words={words} />}
      {view.mails.length === 0 || view.mails.every(({ variants }) => variants.length === 0) ? (
        <p>{words.writing}</p>
      ) : (
        view.mails.map((mail) => (
          <Panel key={mail.step} title={mail.title}>
            <div className="rk-variants">
              {mail.variants.map((variant) => (
                <Phone
                  key={variant.key + variant.language}
                  variant={variant}
                  sender={view.sender}
                  version={words.version}
                />
              ))}
            </div>
            <p className="rk-small">{words.ana}</p>
          </Panel>
        ))
      )}
    </Spoken>
  );
}

function Rules({ view }: { view: JourneyView }) {
  return (
    <Panel title={view.words.rules}>
      <dl className="rk-plan">
        {view.rules.map((rule) => (
          <div key={rule.label}>
            <dt>{rule.label}</dt>
            <dd>{rule.value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function LeftOut({ view }: { view: JourneyView }) {
  return (
    <Panel title={view.words.outNow}>
      {view.leftOut.length === 0 && <p>{view.words.nobody}</p>}
      <ul className="rk-left-out">
        {view.leftOut.map((one) => (
          <li key={one.reason}>
            <span>{one.reason}</span> <strong>{one.count}</strong>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Lift({ lift, words }: { lift: NonNullable<JourneyView['lift']>; words: JourneyView['words'] }) {
  return (
    <div className="rk-columns">
      <Panel title={words.lift}>
        {lift.chart ? <BandChart view={lift.chart} caption={words.caption} /> : <p>{words.liftNone}</p>}
      </Panel>
      <div className="rk-stack">
        <Panel title={words.arms}>
          <dl className="rk-facts">
            {lift.arms.map((arm) => (
              <div key={arm.label}>
                <dt>{arm.label}</dt>
                <dd>{arm.value}</dd>
                <dd className="rk-fact-hint">{arm.hint}</dd>
              </div>
            ))}
          </dl>
          <p className="rk-small">{words.fair}</p>
        </Panel>
        {lift.attributed !== null && (
          <Panel title={words.attributedTitle}>
            <p>{lift.attributed}</p>
          </Panel>
        )}
      </div>
    </div>
  );
}
