/** SPF, DKIM and DMARC: how each stands, why it is there, and what to write where. */
import { Badge } from '@shopify/polaris';
import type { DomainView, RecordView, RowView } from '../words/domain.server.ts';
import { Copy } from './copy.tsx';
import { Panel } from './panel.tsx';

type Words = DomainView['words'];

export function DomainRows({ rows, words }: { rows: RowView[]; words: Words }) {
  return (
    <>
      {rows.map((row) => (
        <Panel key={row.name} title={row.title} badge={<Badge tone={row.badge.tone}>{row.badge.label}</Badge>}>
          <p>{row.why}</p>
          {row.records.map((record) => (
            <Record key={record.key} record={record} words={words} />
          ))}
        </Panel>
      ))}
    </>
  );
}

function Record({ record, words }: { record: RecordView; words: Words }) {
  return (
    <dl className="rk-record" data-passes={record.passes || undefined}>
      <div>
        <dt>{words.type}</dt>
        <dd>{record.type}</dd>
      </div>
      <div>
        <dt>{words.host}</dt>
        <dd>
          <Copy text={record.host} about={`${record.type}, ${words.host}`} words={words} />
        </dd>
      </div>
      <div>
        <dt>{words.value}</dt>
        <dd>
          {record.value === '' ? (
            words.ask
          ) : (
            <Copy text={record.value} about={`${record.host}, ${words.value}`} words={words} />
          )}
        </dd>
      </div>
      <div>
        <dt>{words.found}</dt>
        <dd className="rk-record-found">{record.found}</dd>
      </div>
    </dl>
  );
}
