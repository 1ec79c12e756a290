/**
 * Two shares over the days: what was called spam, what bounced for good. The drawing is loaded when the page stands, its room
 * is kept free; the table behind it holds the same figures.
 */
import { lazy, Suspense, useEffect, useState } from 'react';
import type { ReputationView, TrendView } from '../words/reputation.server.ts';

const Drawing = lazy(() => import('./trend-drawing.tsx'));

export function TrendChart({ view, words }: { view: TrendView; words: ReputationView['words'] }) {
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
            <Drawing view={view} names={[words.complaints, words.bounces]} />
          </Suspense>
        )}
      </div>
      <ul className="rk-legend" aria-hidden="true">
        <li>
          <span className="rk-key rk-key--line" /> {words.complaints}
        </li>
        <li>
          <span className="rk-key rk-key--dashes" /> {words.bounces}
        </li>
      </ul>
      <details className="rk-details">
        <summary>{words.numbers}</summary>
        <div className="rk-scroll" tabIndex={0} role="region" aria-label={words.caption}>
          <table className="rk-plain-table">
            <caption className="rk-hidden">{words.caption}</caption>
            <thead>
              <tr>
                {[words.day, words.sent, words.complaints, words.bounces].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {view.points.toReversed().map((point) => (
                <tr key={point.at}>
                  <th scope="row">{point.day}</th>
                  {point.words.map((word, place) => (
                    <td key={place}>{word}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
