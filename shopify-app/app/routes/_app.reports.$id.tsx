/** One report: its kept figures, to read and to take along. */
import { readReport } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BackLink } from '../components/back-link.tsx';
import { Download } from '../components/download.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Spoken } from '../components/spoken.tsx';
import { answer } from '../context.server.ts';
import { reportView } from '../words/reports.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.figures.title ?? 'Report'} · Rekindle` },
];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => reportView(await readReport(engine, storeId, args.params['id'] ?? '')));

export default function Report() {
  const { id, figures, words } = useLoaderData<typeof loader>();
  return (
    <Spoken language={figures.language}>
      <PageHead
        back={<BackLink to="/reports">{words.reports}</BackLink>}
        title={figures.title}
        answer={figures.answer}
        actions={
          <>
            <Download url={`/reports/${id}/pdf`} failed={words.failed}>
              PDF
            </Download>
            <Download url={`/reports/${id}/csv`} failed={words.failed}>
              CSV
            </Download>
          </>
        }
      />
      {figures.findings.length > 0 && (
        <Panel title={words.toKnow}>
          <ol className="rk-reasons">
            {figures.findings.map((one) => (
              <li key={one.title}>
                <strong>{one.title}</strong> {one.because}
              </li>
            ))}
          </ol>
        </Panel>
      )}
      {figures.sections.map((section) => (
        <Panel key={section.title} title={section.title}>
          {section.note !== null && <p className="rk-small">{section.note}</p>}
          <div className="rk-scroll" tabIndex={0} role="region" aria-label={section.title}>
            <table className="rk-plain-table">
              <thead>
                <tr>
                  <th scope="col">{words.figure}</th>
                  <th scope="col">{words.now}</th>
                  <th scope="col">{words.before}</th>
                </tr>
              </thead>
              <tbody>
                {section.lines.map((line) => (
                  <tr key={line.label}>
                    <th scope="row">{line.label}</th>
                    <td>{line.words}</td>
                    <td>{line.wordsBefore ?? '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      ))}
    </Spoken>
  );
}
