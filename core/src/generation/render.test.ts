import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanScope, liquidFor, renderPlan, renderWhole, type MailScope } from './index.ts';

const VARIABLES = ['customer.first_name', 'link.shop', 'link.unsubscribe', 'link.preferences', 'link.open'];
const FILTERS = [
  'default: "there"',
  "default: ' <b> '",
  'default: link.shop',
  'escape',
  'upcase',
  'downcase',
  'capitalize',
  'strip',
];
const blank = fc.constantFrom('', ' ', '-', '- ');

const variable = fc.constantFrom(...VARIABLES);
const output = fc
  .tuple(
    fc.oneof(variable, fc.constant('"a & b"')),
    fc.array(fc.constantFrom(...FILTERS), { maxLength: 3 }),
    blank,
    blank,
  )
  .map(([name, filters, left, right]) => `{{${left.trim()} ${[name, ...filters].join(' | ')} ${right.trim()}}}`);
const fixed = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('{', '(').replace(/\p{Cc}/gu, '')),
  fc.constantFrom('<p class="x">', '&amp;', '\n', '\r\n', ' } ', '%}', "'", ' \t '),
);
const test1 = fc.oneof(
  variable,
  fc
    .tuple(variable, fc.constantFrom('==', '!='), fc.constantFrom('"x"', '""', 'link.shop'))
    .map((parts) => parts.join(' ')),
  fc.tuple(variable, fc.constantFrom('and', 'or'), variable).map((parts) => parts.join(' ')),
  variable.map((name) => `not ${name}`),
);
const { template } = fc.letrec<{ template: string; block: string }>((tie) => ({
  template: fc
    .array(fc.oneof({ maxDepth: 2 }, fixed, output, tie('block')), { maxLength: 6 })
    .map((parts) => parts.join('')),
  block: fc
    .tuple(test1, tie('template'), test1, tie('template'), tie('template'))
    .map(([a, x, b, y, z]) => `{% if ${a} %}${x}{% elsif ${b} %}${y}{%- else -%}${z}{% endif %}`),
}));
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 15 }),
  fc.constantFrom('', 'x', '<script>', `O'Neil & "Co"`, '{{ link.shop }}', 'a\r\nBcc: b'),
);
const scope: fc.Arbitrary<MailScope> = fc.record({
  customer: fc.record({ first_name: fc.option(value) }),
  link: fc.record({ shop: value, unsubscribe: value, preferences: value, open: fc.option(value) }),
});

describe('a mail', () => {
  test('is to the byte what LiquidJS makes of it', () => {
    fc.assert(
      fc.property(template, template, template, scope, (subject, html, text, anyScope) => {
        const plan = renderPlan({ subject, html, text });
        const whole = renderWhole(plan.template, plan.fill(anyScope));
        const clean = cleanScope(anyScope);
        const oneLine = (words: string): string => words.replace(/[\r\n]+/g, ' ');
        expect(whole.html).toBe(liquidFor('html').parseAndRenderSync(html, clean));
        expect(whole.text).toBe(liquidFor('text').parseAndRenderSync(text, clean));
        expect(whole.subject).toBe(oneLine(liquidFor('text').parseAndRenderSync(oneLine(subject), clean)));
        expect(whole.subject).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  test('needs a gap a link, however often it stands there', () => {
    const links = '{{ link.shop }}'.repeat(3);
    const plan = renderPlan({ subject: 's', html: `${links}{{ link.unsubscribe }}`, text: links });
    expect(plan.template.html).toBe('\u00010\u0002\u00010\u0002\u00010\u0002\u00011\u0002');
    expect(plan.fill(someone)).toHaveLength(3);
  });

  test('cannot be bent by a name', () => {
    const plan = renderPlan({
      subject: 'For {{ customer.first_name }}',
      html: '<p>{{ customer.first_name }}</p>',
      text: '',
    });
    const evil = '<img src=x>\r\nBcc: all@example.com\u00011\u0002{{ link.shop }}';
    const whole = renderWhole(plan.template, plan.fill({ ...someone, customer: { first_name: evil } }));
    expect(whole.html).toBe('<p>&lt;img src=x&gt;\r\nBcc: all@example.com1{{ link.shop }}</p>');
    expect(whole.subject).toBe('For <img src=x> Bcc: all@example.com1{{ link.shop }}');
  });

  test.each([
    '{% for a in b %}{% endfor %}',
    '{% assign a = "b" %}',
    '{% include "x" %}',
    '{{ customer.email }}',
    '{{ customer }}',
    '{{ customer[link.shop] }}',
    '{{ link.shop | raw }}',
    '{{ link.shop | append: "x" }}',
    '{{ link.shop | default: "a", allow_false: true }}',
    '{% if link.open > 3 %}{% endif %}',
    '{{ link.shop',
    '{% if link.open %}',
    '{{ constructor }}',
    '{{ link.shop | constructor }}',
    '{{ __proto__.x }}',
  ])('is refused at once with %s in it', (bad) => {
    expect(() => renderPlan({ subject: '', html: bad, text: '' })).toThrow(/template cannot be used/);
  });
});

const someone: MailScope = {
  customer: { first_name: 'Anna' },
  link: { shop: 'https://s', unsubscribe: 'https://u', preferences: 'https://p', open: null },
};
