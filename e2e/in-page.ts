/** What tests ask of a page from inside it, as scripts: the tests themselves are not written for a browser's types. */

/** Pixels by which the page is wider than the window; above 0 it can be pushed sideways. */
export const TOO_WIDE = 'document.documentElement.scrollWidth - innerWidth';

/** How far things moved while the page was loading (https://web.dev/articles/cls); good is below 0.1. */
export const LAYOUT_SHIFT = `new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
})`;

/** The element that has the focus, however deep in components, and whether a ring around it can be seen. Polaris draws some rings on a pseudo element. */
export const FOCUSED = `(() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const ring = (style) => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
  const seen = [null, '::after', '::before'].some((part) => ring(getComputedStyle(element, part)));
  return { id: element.id, tag: element.tagName, text: element.innerText.trim().slice(0, 60), seen };
})()`;

/** Serious and critical findings of axe, as "rule: element: what to do". The mails in their frames are another test's matter. */
export const ACCESSIBILITY_FAULTS = `axe.run({ exclude: ['iframe'] }, { iframes: false }).then(({ violations }) => violations
  .filter((one) => one.impact === 'serious' || one.impact === 'critical')
  .flatMap((one) => one.nodes.map((node) => one.id + ': ' + node.target.join(' ') + ': ' + node.failureSummary)))`;

/** Where the rows of the page's table lead, all at one moment: a page that is being changed has either the old or the new ones. */
export const ROW_LINKS = `[...document.querySelectorAll('tbody th a')].map((link) => link.getAttribute('href'))`;
