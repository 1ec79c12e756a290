/** One customer: what about this person? */
import { readCustomer } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Badge } from '@shopify/polaris';
import { BackLink } from '../components/back-link.tsx';
import { StageTag } from '../components/customer-table.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Rhythm } from '../components/rhythm.tsx';
import { answer } from '../context.server.ts';
import { customerView, type CustomerView } from '../words/customer.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.name ?? 'Customer'} · Rekindle` }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) =>
    customerView(await readCustomer(engine, storeId, args.params['id'] ?? '')),
  );

export default function Customer() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        back={<BackLink to="/customers">Customers</BackLink>}
        title={view.name}
        badge={view.stage && <StageTag stage={view.stage} />}
        answer={view.answer}
      />
      <Panel title="Rhythm">
        {view.rhythm ? (
          <Rhythm view={view.rhythm} />
        ) : (
          <p>No order yet: the first one will be the first dot on a line.</p>
        )}
      </Panel>
      <div className="rk-columns">
        <div className="rk-stack">
          <Panel title="Why">
            {view.reasons.length > 0 ? (
              <ol className="rk-reasons">
                {view.reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ol>
            ) : (
              <p>Not judged yet. It will be after the next sync.</p>
            )}
          </Panel>
          <Replies replies={view.replies} />
          <Mails view={view} />
        </div>
        <div className="rk-stack">
          <Panel title="In figures">
            <dl className="rk-facts">
              {view.facts.map((fact) => (
                <div key={fact.label} title={fact.hint}>
                  <dt>{fact.label}</dt>
                  <dd>{fact.value}</dd>
                </div>
              ))}
            </dl>
          </Panel>
          <NextMail next={view.next} />
          <Permission permission={view.permission} />
        </div>
      </div>
    </>
  );
}

function NextMail({ next }: { next: CustomerView['next'] }) {
  return (
    <Panel title="The next mail">
      <dl className="rk-plan">
        {next.facts.map((fact) => (
          <div key={fact.label} title={fact.hint}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {next.products.length > 0 && (
        <>
          <h3 className="rk-subhead">What to show</h3>
          <ul className="rk-steps">
            {next.products.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function Replies({ replies }: { replies: CustomerView['replies'] }) {
  if (replies.length === 0) return null;
  return (
    <Panel title="Wrote back">
      <ul className="rk-mails">
        {replies.map((reply) => (
          <li key={reply.id}>
            <p className="rk-strong-line">{reply.subject}</p>
            <p className="rk-letter">{reply.text}</p>
            <p className="rk-small">
              {reply.when}
              {reply.stopped && ' · Taken as “no more mail”: nothing is sent any more'}
              {reply.answer !== null && (
                <>
                  {' · '}
                  <a href={reply.answer}>Answer by mail</a>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Mails({ view }: { view: CustomerView }) {
  return (
    <Panel title="Mails and what came of them">
      {view.mails.length === 0 && view.draws.length === 0 && (
        <p>No mail yet. Whatever is sent, and whatever comes of it, will stand here.</p>
      )}
      <ul className="rk-mails">
        {view.mails.map((mail) => (
          <li key={mail.id}>
            <p className="rk-strong-line">{mail.subject}</p>
            <p className="rk-small">
              <Link to={mail.url}>{mail.campaign}</Link> · <Link to={`/messages/${mail.id}`}>Why?</Link>
            </p>
            <ul className="rk-steps">
              {mail.steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ul>
          </li>
        ))}
        {view.draws.map((draw) => (
          <li key={draw.id}>
            <p>{draw.text}</p>
            <p className="rk-small">
              <Link to={draw.url}>{draw.campaign}</Link>
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Permission({ permission }: { permission: CustomerView['permission'] }) {
  return (
    <Panel
      title="Permission to mail"
      badge={<Badge tone={permission.allowed ? 'success' : 'warning'}>{permission.allowed ? 'Yes' : 'No'}</Badge>}
    >
      <p>{permission.headline}</p>
      <p>{permission.clock}</p>
      {permission.wishes.length > 0 && (
        <>
          <h3 className="rk-subhead">Asked for</h3>
          <ul className="rk-steps">
            {permission.wishes.map((wish) => (
              <li key={wish}>{wish}</li>
            ))}
          </ul>
        </>
      )}
      {permission.history.length > 0 && (
        <ul className="rk-history">
          {permission.history.map((one) => (
            <li key={one.when + one.text}>
              {one.text} <span className="rk-soft">{one.when}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
