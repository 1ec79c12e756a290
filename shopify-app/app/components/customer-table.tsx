/** Customers as a table and, on a phone, as cards: the same rows, laid out anew by the style sheet alone. */
import type { CustomerRowView } from '../words/customers.server.ts';
import { PageLink } from '../frame/page-link.tsx';

// Roles are named because a table that is laid out as cards loses its own.
export function CustomerTable({ rows, staged }: { rows: CustomerRowView[]; staged: boolean }) {
  return (
    <table className="rk-table rk-table--cards" role="table">
      <caption className="rk-hidden">Customers</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            Customer
          </th>
          <th scope="col" role="columnheader">
            Last order
          </th>
          <th scope="col" role="columnheader">
            Usual rhythm
          </th>
          <th scope="col" role="columnheader" className="rk-number">
            At risk a year
          </th>
          <th
            scope="col"
            role="columnheader"
            className="rk-number"
            title="At least one order in the next 90 days, without any mail"
          >
            Chance to return
          </th>
          <th scope="col" role="columnheader">
            Why
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.id} role="row">
            <th scope="row" role="rowheader" className="rk-cell-name">
              <PageLink to={row.url}>{row.name}</PageLink>
              {staged && <StageTag stage={row.stage} />}
            </th>
            <td role="cell" data-label="Last order">
              {row.lastOrder} <span className="rk-soft">{row.lastOrderAgo}</span>
            </td>
            <td role="cell" data-label="Usual rhythm">
              {row.rhythm}
            </td>
            <td role="cell" data-label="At risk a year" className="rk-number">
              {row.atRisk}
            </td>
            <td role="cell" data-label="Chance to return" className="rk-number">
              {row.chance}
            </td>
            <td role="cell" className="rk-cell-why">
              {row.why}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function StageTag({ stage }: { stage: { key: string; label: string } }) {
  return (
    <span className="rk-stage-tag">
      <span className="rk-dot" data-stage={stage.key} />
      {stage.label}
    </span>
  );
}
