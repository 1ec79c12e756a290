/**
 * An estimate over time, always with its interval. The drawing is loaded when the page stands; its room is kept free, so
 * that nothing moves. The table behind it holds the same figures, and the finding is there to be heard.
 */
import { lazy, Suspense, useEffect, useState } from 'react';
import type { BandView } from '../words/band.server.ts';

const Drawing = lazy(() => import('./band-drawing.tsx'));

export function BandChart({ view, caption }: { view: BandView; caption: string }) {
  const [woken, setWoken] = useState(false);
  useEffect(() => {
    setWoken(true);
  }, []);
  return (
    <figure className="rk-figure">
      <p className="rk-unit" aria-hidden="true">
        {view.unit}
      </p>
      <div className="rk-drawing" role="img" aria-label={view.finding}>
        {woken && (
          <Suspense fallback={null}>
            <Drawing view={view} />
          </Suspense>
        )}
      </div>
      <ul className="rk-legend" aria-hidden="true">
        <li>
          <span className="rk-key rk-key--line" /> {view.words.estimate}
        </li>
        <li>
          <span className="rk-key rk-key--band" /> {view.words.band}
        </li>
      </ul>
      <details className="rk-details">
        <summary>{view.words.numbers}</summary>
        <div className="rk-scroll" tabIndex={0} role="region" aria-label={caption}>
          <table className="rk-plain-table">
            <caption className="rk-hidden">{caption}</caption>
            <thead>
              <tr>
                <th scope="col">{view.words.day}</th>
                <th scope="col">{view.words.estimate}</th>
                <th scope="col">{view.words.interval}</th>
              </tr>
            </thead>
            <tbody>
              {view.points.toReversed().map((point) => (
                <tr key={point.at}>
                  <th scope="row">{point.words.day}</th>
                  <td>{point.words.estimate}</td>
                  <td>{point.words.range}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
