/** Steps of a funnel as bars with their numbers beside them: read as a list, seen as a shape. */
import type { Bar } from '../words/campaign.server.ts';

export function Bars({ bars }: { bars: Bar[] }) {
  return (
    <ul className="rk-bars">
      {bars.map((bar) => (
        <li key={bar.label}>
          <span className="rk-bars-label">{bar.label}</span>
          <span className="rk-bars-track" aria-hidden="true">
            <span style={{ width: `${String(bar.width * 100)}%` }} />
          </span>
          <span className="rk-bars-count">
            {bar.count} <small>{bar.share}</small>
          </span>
          {bar.hint !== null && <span className="rk-bars-hint">{bar.hint}</span>}
        </li>
      ))}
    </ul>
  );
}
