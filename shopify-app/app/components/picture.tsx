/** One picture of one finding: bars that are read as a list, or a band over time. */
import type { PictureView } from '../words/picture.server.ts';
import { BandChart } from './band-chart.tsx';

export function Picture({ view, caption }: { view: PictureView; caption: string }) {
  if (view.kind === 'band') return <BandChart view={view.view} caption={caption} />;
  return (
    <figure className="rk-figure">
      <figcaption className="rk-unit">{view.unit}</figcaption>
      <ul className="rk-bars">
        {view.bars.map((bar, i) => (
          <li key={`${bar.label} ${String(i)}`} data-marked={bar.marked || undefined}>
            <span className="rk-bars-label">{bar.label}</span>
            <span className="rk-bars-track" aria-hidden="true">
              <span style={{ width: `${String(bar.width * 100)}%` }} />
            </span>
            <span className="rk-bars-count">{bar.words}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
