/** Customers by life stage as one bar. Every part is named below it, so nothing hangs on its colour. */
import type { OverviewView } from '../words/overview.server.ts';
import { PageLink } from '../frame/page-link.tsx';

export function StageBar({ stages }: { stages: NonNullable<OverviewView['stages']> }) {
  return (
    <figure className="rk-figure">
      <div className="rk-bar" role="img" aria-label={stages.finding}>
        {stages.bars.map((bar) => (
          <span key={bar.stage} data-stage={bar.stage} style={{ flexGrow: bar.width }} hidden={bar.width === 0} />
        ))}
      </div>
      <ul className="rk-stages">
        {stages.bars.map((bar) => (
          <li key={bar.stage}>
            <PageLink to={bar.url}>
              <span className="rk-stage-name">
                <span className="rk-dot" data-stage={bar.stage} /> {bar.label}
              </span>
              <span className="rk-stage-count">
                {bar.customers} <small>{bar.share}</small>
              </span>
              <span className="rk-stage-meaning">{bar.meaning}</span>
            </PageLink>
          </li>
        ))}
      </ul>
    </figure>
  );
}
