/** Versions of a mail side by side: the answer, a row each, and how the days were dealt. */
import type { VersionsView } from '../words/versions.server.ts';
import { Panel } from './panel.tsx';

export function Versions({ view }: { view: VersionsView }) {
  return (
    <Panel title="Which version is better">
      <p className="rk-strong-line">{view.answer}</p>
      <p className="rk-small">{view.rule}</p>
      <div className="rk-scroll" tabIndex={0} role="region" aria-label="Versions compared">
        <table className="rk-plain-table">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">People</th>
              <th scope="col">Orders in a hundred</th>
              <th scope="col">Clicked</th>
              <th scope="col">Unsubscribed</th>
              <th scope="col">Chance to be best</th>
              <th scope="col">Orders lost if it is not</th>
            </tr>
          </thead>
          <tbody>
            {view.rows.map((row) => (
              <tr key={row.key}>
                <th scope="row">{row.key}</th>
                <td>{row.people}</td>
                <td>{row.orders}</td>
                <td>{row.clicks}</td>
                <td>{row.unsubscribes}</td>
                <td>{row.chance}</td>
                <td>{row.loss}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {view.duels.map((duel) => (
        <p key={duel} className="rk-small">
          {duel}
        </p>
      ))}
      {view.batches.length > 0 && (
        <details className="rk-details">
          <summary>How each day was dealt</summary>
          <ul className="rk-steps">
            {view.batches.map((batch) => (
              <li key={batch.day}>
                {batch.day}: {batch.rule}. {batch.shares}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}
