/** One campaign: what will happen, or did it work? */
import { approveCampaign, cancelCampaign, pauseCampaign, readCampaign, resumeCampaign } from '@rekindle/core';
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, Banner } from '@shopify/polaris';
import { BackLink } from '../components/back-link.tsx';
import { BandChart } from '../components/band-chart.tsx';
import { Bars } from '../components/bars.tsx';
import { Hours } from '../components/hours.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Phone } from '../components/phone.tsx';
import { Versions } from '../components/versions.tsx';
import { Steps } from '../components/steps.tsx';
import { answer, attempt } from '../context.server.ts';
import { formOf, textOf } from '../form-text.ts';
import { PageLink } from '../frame/page-link.tsx';
import { campaignView, type CampaignView } from '../words/campaign.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.name ?? 'Campaign'} · Rekindle` }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => {
    const page = await readCampaign(engine, storeId, args.params['id'] ?? '');
    // Mails of journeys name their run as campaigns' do.
    if (page.campaign.journeyId !== null) return redirect(`/journeys/${page.campaign.id}`);
    return campaignView(page);
  });

const STEPS = {
  approve: {
    run: approveCampaign,
    done: 'Approved. The first mails leave within the hour; pause or cancel here at any time.',
  },
  pause: { run: pauseCampaign, done: 'Paused. No mail leaves until you resume.' },
  resume: { run: resumeCampaign, done: 'Resumed. Mails leave at their hours again.' },
  cancel: { run: cancelCampaign, done: 'Cancelled. No further mail leaves.' },
};

export const action = (args: ActionFunctionArgs) =>
  attempt(args, async ({ engine, storeId, actor }) => {
    const name = textOf(await formOf(args.request), 'step');
    const step = Object.hasOwn(STEPS, name) ? STEPS[name as keyof typeof STEPS] : undefined;
    if (!step) throw new Response('That cannot be done with a campaign.', { status: 400 });
    await step.run(engine, storeId, args.params['id'] ?? '', actor);
    return step.done;
  });

export default function Campaign() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        back={<BackLink to="/campaigns">Campaigns</BackLink>}
        title={view.name}
        badge={<Badge {...(view.badge.tone ? { tone: view.badge.tone } : {})}>{view.badge.label}</Badge>}
        answer={view.answer}
        note={view.note}
      />
      {view.warning !== null && (
        <Banner tone="critical" title="The two groups are not what was drawn">
          <p>{view.warning}</p>
        </Banner>
      )}
      {view.held !== null && (
        <Banner tone="warning" title={view.held.title}>
          <div className="rk-stack">
            <p>{view.held.text}</p>
            <PageLink to={view.held.url}>{view.held.link}</PageLink>
          </div>
        </Banner>
      )}
      <Steps steps={view.steps} />
      {view.live !== null && (
        <p>
          <PageLink to={view.live.url}>{view.live.label}</PageLink>
        </p>
      )}
      {view.lift && <Lift lift={view.lift} />}
      {view.versions && <Versions view={view.versions} />}
      {view.sent && (
        <div className="rk-halves">
          <Panel title="From mail to order">
            <Bars bars={view.sent.bars} />
          </Panel>
          <Panel title="When mails leave">
            <Hours sent={view.sent} />
          </Panel>
        </div>
      )}
      <div className="rk-columns">
        <Panel title={view.variants.length > 1 ? 'The mail, in versions that compete' : 'The mail'}>
          {view.variants.length === 0 && <p>It is being written and will stand here, to be read before it is sent.</p>}
          <div className="rk-variants">
            {view.variants.map((variant) => (
              <Phone key={variant.key + variant.language} variant={variant} sender={view.sender.name} />
            ))}
          </div>
          {view.variants.length > 0 && (
            <p className="rk-small">
              As somebody called Ana would see it. Everybody else is greeted by their own name, or without one.
            </p>
          )}
        </Panel>
        <Plan facts={view.plan.facts} />
      </div>
      <Audience plan={view.plan} />
    </>
  );
}

function Lift({ lift }: { lift: NonNullable<CampaignView['lift']> }) {
  return (
    <div className="rk-columns">
      <Panel title="What it brought, as the days went by">
        {lift.chart ? (
          <BandChart view={lift.chart} caption="Incremental revenue of this campaign, day by day" />
        ) : (
          <p>The first figure stands here once people of both groups have ordered.</p>
        )}
      </Panel>
      <div className="rk-stack">
        <Panel title="With and without the mail">
          <dl className="rk-facts">
            {lift.arms.map((arm) => (
              <div key={arm.label}>
                <dt>{arm.label}</dt>
                <dd>{arm.value}</dd>
                <dd className="rk-fact-hint">{arm.hint}</dd>
              </div>
            ))}
          </dl>
          <p className="rk-small">
            Who was held back was drawn at random, so whatever differs more than chance is the mail’s doing.
          </p>
        </Panel>
        {lift.attributed !== null && (
          <Panel title="Attributed, for comparison">
            <p>{lift.attributed}</p>
          </Panel>
        )}
      </div>
    </div>
  );
}

function Plan({ facts }: { facts: CampaignView['plan']['facts'] }) {
  return (
    <Panel title="The plan">
      <dl className="rk-plan">
        {facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Audience({ plan }: { plan: CampaignView['plan'] }) {
  return (
    <Panel title="Who gets it, and who does not">
      <div className="rk-halves rk-halves--wide">
        <Bars bars={plan.bars} />
        <div className="rk-stack">
          <h3 className="rk-subhead">Why people are left out</h3>
          {plan.leftOut.length === 0 && <p>Nobody is.</p>}
          <ul className="rk-left-out">
            {plan.leftOut.map((one) => (
              <li key={one.reason}>
                <span>{one.reason}</span> <strong>{one.count}</strong>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Panel>
  );
}
