import { createElement } from 'lwc';
import RekindleGauge from 'c/rekindleGauge';

afterEach(() => document.body.replaceChildren());

function draw(share) {
  const gauge = createElement('c-rekindle-gauge', { is: RekindleGauge });
  gauge.share = share;
  document.body.append(gauge);
  const lengthOf = (name) => Number.parseFloat(gauge.shadowRoot.querySelector(name).getAttribute('stroke-dasharray'));
  return { words: gauge.shadowRoot.querySelector('text').textContent, part: lengthOf('.arc') / lengthOf('.track') };
}

test.each([
  [0, '0%', 0],
  [0.34, '34%', 0.34],
  [1, '100%', 1],
])('draws %p as that part of the arc', (share, words, part) => {
  const drawn = draw(share);
  expect(drawn.words).toBe(words);
  expect(drawn.part).toBeCloseTo(part, 6);
});
