/** Deliverability: do mails arrive, and what do mailboxes and people say of them? */
import { readReputation, SPANS } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge } from '@shopify/polaris';
import { Empty } from '../components/empty.tsx';
import { PageLink } from '../frame/page-link.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Spoken } from '../components/spoken.tsx';
import { TrendChart } from '../components/trend-chart.tsx';
import { answer } from '../context.server.ts';
import { reputationView, type ReputationView, type ShareView } from '../words/reputation.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.title ?? 'Deliverability'} · Rekindle` },
];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => {
    const asked = new URL(args.request.url).searchParams.get('days');
    const days = SPANS.find((span) => String(span) === asked) ?? 30;
    return reputationView(await readReputation(engine, storeId, days));
  });

export default function Deliverability() {
  const view = useLoaderData<typeof loader>();
  return (
    <Spoken language={view.language}>
      <PageHead
        title={view.title}
        answer={view.answer}
        note={view.note}
        actions={<PageLink to="/deliverability/domain">{view.words.domain}</PageLink>}
      />
      <nav className="rk-spans" aria-label={view.words.span}>
        {view.spans.map((span) => (
          <PageLink key={span.url} to={span.url} {...(span.current && { 'aria-current': 'page' as const })}>
            {span.label}
          </PageLink>
        ))}
      </nav>
      {view.empty ? (
        <Empty title={view.empty.title} text={view.empty.text} link={null} />
      ) : (
        <>
          <div className="rk-halves">
            {view.shares.map((share) => (
              <Share key={share.label} share={share} />
            ))}
          </div>
          <Panel title={view.next.title}>
            {view.next.lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </Panel>
          <Mailboxes view={view} />
          <div className="rk-halves">
            <Panel title={view.words.trend}>
              {view.trend ? <TrendChart view={view.trend} words={view.words} /> : <p>{view.words.noTrend}</p>}
            </Panel>
            <Codes view={view} />
          </div>
        </>
      )}
    </Spoken>
  );
}

const TONES = { good: 'success', few: 'info', high: 'attention', too_high: 'critical' } as const;

function Share({ share }: { share: ShareView }) {
  return (
    <Panel title={share.label} badge={<Badge tone={TONES[share.standing]}>{share.badge}</Badge>}>
      <p className="rk-share">{share.share}</p>
      <p className="rk-small">{share.hint}</p>
    </Panel>
  );
}

function Mailboxes({ view }: { view: ReputationView }) {
  return (
    <Panel title={view.words.byMailbox}>
      <div className="rk-scroll rk-scroll--wide" tabIndex={0} role="region" aria-label={view.words.byMailbox}>
        <table className="rk-plain-table rk-mailboxes">
          <thead>
            <tr>
              {view.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.mailboxes.map((mailbox) => (
              <tr key={mailbox.name}>
                <th scope="row">{mailbox.name}</th>
                {mailbox.cells.map((cell) => (
                  <td key={cell.label} data-standing={cell.standing} data-label={cell.label}>
                    {cell.value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Codes({ view }: { view: ReputationView }) {
  const { words } = view;
  return (
    <Panel title={words.codes}>
      {view.codes.length === 0 && <p>{words.noBounces}</p>}
      {view.codes.length > 0 && (
        <table className="rk-plain-table">
          <thead>
            <tr>
              <th scope="col">{words.code}</th>
              <th scope="col">{words.mails}</th>
              <th scope="col">{words.meaning}</th>
            </tr>
          </thead>
          <tbody>
            {view.codes.map((code) => (
              <tr key={`${code.what} ${code.meaning}`}>
                <th scope="row">{code.what}</th>
                <td>{code.mails}</td>
                <td>{code.meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
