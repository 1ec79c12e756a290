/** One message: why was it sent, or why not? */
import { explain } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Badge } from '@shopify/polaris';
import { BackLink } from '../components/back-link.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { answer } from '../context.server.ts';
import { whyView } from '../words/why.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.title ?? 'Why?'} · Rekindle` }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) =>
    whyView(await explain(engine, storeId, { messageId: args.params['id'] ?? '' })),
  );

export default function Message() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        back={<BackLink to={view.customerUrl}>Customer</BackLink>}
        title={view.title}
        badge={
          <Badge tone={view.reproduced ? 'success' : 'warning'}>
            {view.reproduced ? 'Reproduced' : 'Not all reproduced'}
          </Badge>
        }
        answer={view.answer}
      />
      <Panel title="Step by step" aside={<Link to={view.campaignUrl}>{view.campaign}</Link>}>
        <ul className="rk-mails">
          {view.steps.map((step, place) => (
            <li key={step.key}>
              <p className="rk-strong-line">
                {`${String(place + 1)}. ${step.title}`}{' '}
                {step.same ? <span className="rk-soft">same again</span> : <Badge tone="warning">Not the same</Badge>}
              </p>
              {step.what.map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
              {step.because !== null && (
                <p>
                  <strong>{step.because}</strong>
                </p>
              )}
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
