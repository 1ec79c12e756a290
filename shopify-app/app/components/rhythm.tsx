/** Orders as dots on a line: where the next was expected, and where today is. */
import type { RhythmView } from '../words/rhythm.server.ts';

export function Rhythm({ view }: { view: RhythmView }) {
  return (
    <figure className="rk-figure">
      <div className="rk-rhythm" role="img" aria-label={view.finding}>
        {view.band && (
          <span
            className="rk-rhythm-band"
            style={{
              left: `${String(view.band.from)}%`,
              width: `${String(Math.max(0.5, view.band.to - view.band.from))}%`,
            }}
          />
        )}
        <span className="rk-rhythm-line" />
        {view.dots.map((dot, i) => (
          <span
            key={i}
            className="rk-rhythm-dot"
            data-kind={dot.kind}
            title={dot.title}
            style={{ left: `${String(dot.place)}%` }}
          />
        ))}
        {view.due && (
          <span
            className="rk-rhythm-mark"
            data-side={view.due.place > 60 ? 'left' : 'right'}
            style={{ left: `${String(view.due.place)}%` }}
          >
            <span>{view.due.label}</span>
          </span>
        )}
        <span
          className="rk-rhythm-now"
          data-side={view.now > 60 ? 'left' : 'right'}
          style={{ left: `${String(view.now)}%` }}
        >
          <span>Today</span>
        </span>
      </div>
      <div className="rk-rhythm-ticks" aria-hidden="true">
        {view.ticks.map((tick) => (
          <span key={tick.place} style={{ left: `${String(tick.place)}%` }}>
            {tick.label}
          </span>
        ))}
      </div>
      <ul className="rk-legend" aria-hidden="true">
        <li>
          <span className="rk-key rk-key--dot" /> Order
        </li>
        {view.band && (
          <li>
            <span className="rk-key rk-key--band" /> When the next order usually comes
          </li>
        )}
      </ul>
    </figure>
  );
}
