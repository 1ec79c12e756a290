/**
 * One mail's looks: a responsive page of 600 px in MJML, made into HTML once a variant, and the same in plain text. What
 * differs between recipients stays Liquid. Readable in dark mode, without pictures, and by screen readers.
 *
 * Every mail says who sends it, why, where the sender lives, and how to stop it (CAN-SPAM, CASL, Directive 2002/58/EC
 * art. 13, LSSI art. 20-21).
 */
import mjml2html from 'mjml';
import { fail } from '../errors.ts';
import type { Draft } from '../ports.ts';
import type { SoldProduct } from './brief.ts';
import { FIRST_NAME } from './guard.ts';
import type { MailLanguage } from './language.ts';
import { escapeHtml } from './liquid.ts';
import { withoutLiquid } from './words.ts';

export interface MailContent {
  language: MailLanguage;
  draft: Draft;
  products: SoldProduct[];
  /** Ready worded; undefined: no offer */
  offer?: { label: string; code: string; until: string } | undefined;
  store: { name: string; postalAddress: string; contact: string };
}

const WORDS = {
  en: {
    popular: 'Popular right now',
    code: 'Your code',
    until: (day: string) => `Good until ${day}`,
    why: (store: string) => `Marketing mail from ${store}. You get it because you have bought from us.`,
    stop: 'Unsubscribe',
    choose: 'Choose what you get',
    write: (contact: string) => `To stop these mails you can also write to ${contact}.`,
  },
  es: {
    popular: 'Lo que más se pide',
    code: 'Tu código',
    until: (day: string) => `Válido hasta el ${day}`,
    why: (store: string) => `Comunicación comercial de ${store}. La recibes porque has comprado con nosotros.`,
    stop: 'Darse de baja',
    choose: 'Elegir qué recibir',
    write: (contact: string) => `Para no recibir más correos también puedes escribir a ${contact}.`,
  },
} as const;

const STYLE = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  a { color: inherit; }
  @media (max-width: 480px) {
    .card > table > tbody > tr > td { padding: 32px 20px 24px !important; }
    .ink h1 { font-size: 25px !important; line-height: 32px !important; }
  }
  @media (prefers-color-scheme: dark) {
    body, div[role="article"] { background-color: #141614 !important; }
    .card, .card > table { background-color: #1f2320 !important; }
    .ink div, .ink p, .ink h1, .ink h2 { color: #f2f4f1 !important; }
    .soft div, .soft a { color: #b9c1bb !important; }
    .code td { background-color: #2a312c !important; border-color: #6f8f7c !important; }
    .go td, .go a { background-color: #b9e0c8 !important; color: #10241a !important; }
  }
  [data-ogsc] .ink div { color: #f2f4f1 !important; }
  [data-ogsc] .soft div { color: #b9c1bb !important; }`;

/** The mail as HTML with Liquid in it. */
export async function layoutHtml(content: MailContent): Promise<string> {
  const { html, errors } = await mjml2html(mjmlOf(content), {
    validationLevel: 'strict',
    keepComments: false,
    // Or MJML makes every reader's mail app ask a font service, which then knows who reads.
    fonts: {},
  });
  if (errors.length > 0) throw fail('internal', `the mail's layout is not MJML: ${errors[0]?.formattedMessage ?? ''}`);
  return html;
}

/** The mail as plain text with Liquid in it. */
export function layoutText({ language, draft, products, offer, store }: MailContent): string {
  const words = WORDS[language];
  const blocks = [
    draft.heading,
    ...draft.paragraphs,
    ...(offer ? [`${words.code}: ${offer.code} (${offer.label})\n${words.until(offer.until)}`] : []),
    `${draft.button}:\n{{ link.shop }}`,
    ...(products.length > 0 ? [[`${words.popular}:`, ...products.map((one) => `- ${one.name}`)].join('\n')] : []),
    `--\n${words.why(store.name)}`,
    `${words.stop}: {{ link.unsubscribe }}\n${words.choose}: {{ link.preferences }}`,
    words.write(store.contact),
    `${store.name}\n${store.postalAddress}`,
  ];
  return `${blocks.map(liquidText).join('\n\n')}\n`;
}

function mjmlOf({ language, draft, products, offer, store }: MailContent): string {
  const words = WORDS[language];
  return `<mjml lang="${language}">
<mj-head>
  <mj-title>${plain(draft.heading)}</mj-title>
  <mj-preview>${liquidHtml(draft.preheader)}</mj-preview>
  <mj-attributes>
    <mj-all font-family="-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
    <mj-text font-size="17px" line-height="27px" color="#26302a" padding="0 0 16px" />
    <mj-section padding="0" />
  </mj-attributes>
  <mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"></mj-raw>
  <mj-style>${STYLE}</mj-style>
</mj-head>
<mj-body width="600px" background-color="#f3f1ec" css-class="page">
  <mj-section padding="32px 24px 16px"><mj-column>
    <mj-text css-class="ink" padding="0" align="center" font-size="18px" font-weight="600" letter-spacing=".02em">${plain(store.name)}</mj-text>
  </mj-column></mj-section>
  <mj-wrapper css-class="card" background-color="#ffffff" border-radius="12px" padding="40px 40px 32px">
    <mj-section><mj-column>
      <mj-text css-class="ink" padding="0 0 20px"><h1 style="margin:0;font-size:28px;line-height:36px;font-weight:700">${liquidHtml(draft.heading)}</h1></mj-text>
      ${draft.paragraphs.map((text) => `<mj-text css-class="ink">${liquidHtml(text)}</mj-text>`).join('\n      ')}
      ${offer ? offerBlock(offer, words) : ''}
      <mj-button css-class="go" href="{{ link.shop }}" background-color="#1f4d3a" color="#ffffff" border-radius="8px" font-size="17px" font-weight="600" inner-padding="14px 28px" padding="12px 0 8px" align="left">${plain(draft.button)}</mj-button>
    </mj-column></mj-section>
    ${products.length > 0 ? productBlock(products, words.popular) : ''}
  </mj-wrapper>
  <mj-section padding="24px 24px 40px"><mj-column>
    <mj-text css-class="soft" padding="0 0 8px" font-size="14px" line-height="21px" color="#5b645e" align="center">${plain(words.why(store.name))}</mj-text>
    <mj-text css-class="soft" padding="0 0 8px" font-size="14px" line-height="21px" color="#5b645e" align="center"><a href="{{ link.unsubscribe }}" style="color:#3b4740;text-decoration:underline">${words.stop}</a> &nbsp;·&nbsp; <a href="{{ link.preferences }}" style="color:#3b4740;text-decoration:underline">${words.choose}</a></mj-text>
    <mj-text css-class="soft" padding="0" font-size="14px" line-height="21px" color="#5b645e" align="center">${plain(words.write(store.contact))}<br />${plain(store.name)} · ${plain(store.postalAddress)}</mj-text>
  </mj-column></mj-section>
  <mj-raw>{% if link.open %}<img src="{{ link.open }}" width="1" height="1" alt="" role="presentation" style="display:block;width:1px;height:1px;border:0" />{% endif %}</mj-raw>
</mj-body>
</mjml>`;
}

function offerBlock(offer: NonNullable<MailContent['offer']>, words: (typeof WORDS)[MailLanguage]): string {
  return `<mj-table css-class="ink code" color="#26302a" padding="4px 0 16px"><tr><td style="padding:16px 20px;border:1px dashed #8aa597;border-radius:8px;background-color:#f1f6f3;font-size:17px;line-height:26px">
        <p style="margin:0"><strong>${plain(offer.label)}</strong></p>
        <p style="margin:0">${words.code}: <strong style="font-family:Menlo,Consolas,monospace;letter-spacing:.06em">${plain(offer.code)}</strong></p>
        <p style="margin:0;font-size:14px">${plain(words.until(offer.until))}</p>
      </td></tr></mj-table>`;
}

function productBlock(products: SoldProduct[], title: string): string {
  const rows = products.map(({ name, imageUrl }) => {
    const picture = imageUrl
      ? `<td width="64" style="padding:8px 16px 8px 0"><img src="${plain(imageUrl)}" width="64" height="64" alt="${plain(name)}" style="display:block;border-radius:8px" /></td>`
      : '';
    const link = `<a href="{{ link.shop }}" style="color:inherit;text-decoration:underline">${plain(name)}</a>`;
    return `<tr>${picture}<td style="padding:8px 0"><p style="margin:0">${link}</p></td></tr>`;
  });
  return `<mj-section padding="24px 0 0"><mj-column>
      <mj-divider border-width="1px" border-color="#d9d6cd" padding="0 0 20px" />
      <mj-text css-class="ink" padding="0 0 4px"><h2 style="margin:0;font-size:17px;line-height:26px;font-weight:700">${title}</h2></mj-text>
      <mj-table css-class="ink" padding="0" font-size="17px" line-height="24px" color="#26302a">${rows.join('')}</mj-table>
    </mj-column></mj-section>`;
}

/** Text without any Liquid, safe in HTML and in an attribute. */
function plain(text: string): string {
  return escapeHtml(text).replaceAll('{', '&#123;').replaceAll('}', '&#125;');
}

/** Text whose only Liquid is the first name. */
function liquidHtml(text: string): string {
  return around(text, plain);
}

function liquidText(text: string): string {
  return text
    .split(/(\{\{ link\.[a-z]+ \}\})/)
    .map((part, i) => (i % 2 === 1 ? part : around(part, withoutLiquid)))
    .join('');
}

function around(text: string, put: (text: string) => string): string {
  const names = text.match(FIRST_NAME) ?? [];
  return text
    .split(FIRST_NAME)
    .filter((_, i) => i % 2 === 0)
    .map((part, i) => put(part) + (names[i] ?? ''))
    .join('');
}
