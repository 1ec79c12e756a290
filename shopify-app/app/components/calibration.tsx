/** A calibration plot: each tenth of the people by what was foretold and what came; on the line both are the same. */
import type { CalibrationView } from '../words/models.server.ts';

const SIDE = 220;
const ROOM = 8;

export function Calibration({ view }: { view: CalibrationView }) {
  const at = (share: number): number => ROOM + share * (SIDE - 2 * ROOM);
  return (
    <figure className="rk-figure">
      <svg
        viewBox={`0 0 ${String(SIDE)} ${String(SIDE)}`}
        className="rk-calibration"
        role="img"
        aria-label={view.finding}
      >
        <line x1={at(0)} y1={at(1)} x2={at(1)} y2={at(0)} className="rk-calibration-line" />
        <polyline
          points={view.points.map((point) => `${String(at(point.x))},${String(at(1 - point.y))}`).join(' ')}
          className="rk-calibration-path"
        />
        {view.points.map((point) => (
          <circle key={point.words} cx={at(point.x)} cy={at(1 - point.y)} r="4" className="rk-calibration-point">
            <title>{point.words}</title>
          </circle>
        ))}
      </svg>
      <figcaption>{view.caption}</figcaption>
      <details className="rk-details">
        <summary>{view.numbers}</summary>
        <ul className="rk-steps">
          {view.points.map((point) => (
            <li key={point.words}>{point.words}</li>
          ))}
        </ul>
      </details>
    </figure>
  );
}
