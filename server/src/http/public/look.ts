/**
 * How our pages for whoever gets the mails look: a card on paper, readable on a phone, by keyboard and aloud, in light and
 * dark. No script, no picture, nothing from elsewhere.
 */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { PageLanguage } from './words.ts';

export type Html = ReturnType<typeof html>;

export interface Card {
  language: PageLanguage;
  title: string;
  content: Html;
  /** The shop, where it has a website */
  website?: { url: string; name: string } | undefined;
  other?: { code: PageLanguage; name: string } | undefined;
}

const STYLE = `
:root{color-scheme:light dark;--paper:#f6f4ef;--card:#fff;--ink:#1d2320;--soft:#5a645e;--line:#dcd8cd;--edge:#77817b;--deed:#1f5c46;--deed-ink:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#141715;--card:#1d211f;--ink:#eef1ee;--soft:#a9b3ad;--line:#363c38;--edge:#7f8a84;--deed:#8fd4b5;--deed-ink:#10231b}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100svh;display:grid;place-items:center;padding:1rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:31rem;padding:clamp(1.5rem,6vw,2.75rem);background:var(--card);border:1px solid var(--line);border-radius:1rem}
h1{margin:0 0 .75rem;font-size:clamp(1.375rem,5.5vw,1.75rem);line-height:1.2;letter-spacing:-.01em;text-wrap:balance;overflow-wrap:anywhere}
p{margin:0 0 1.25rem;overflow-wrap:anywhere}
ul{margin:0 0 1.5rem;padding:0 0 0 1.25rem}
li{margin:0 0 .375rem;overflow-wrap:anywhere}
.note,footer{color:var(--soft);font-size:.9375rem}
.wrong{padding:.75rem 1rem;border:1px solid var(--edge);border-radius:.625rem}
button{width:100%;min-height:3rem;margin:0 0 1.25rem;padding:.625rem 1.25rem;font:inherit;font-weight:600;border-radius:.625rem;border:1px solid var(--deed);background:var(--deed);color:var(--deed-ink);cursor:pointer}
button.quiet{background:transparent;color:var(--deed)}
fieldset{margin:0 0 1.5rem;padding:0;border:0;min-width:0}
legend{padding:0;margin:0 0 .25rem;font-weight:600}
label{display:flex;align-items:center;gap:.75rem;min-height:2.75rem;padding:.25rem 0;cursor:pointer;overflow-wrap:anywhere}
label+label{border-top:1px solid var(--line)}
input{flex:none;width:1.375rem;height:1.375rem;margin:0;accent-color:var(--deed)}
.leave{margin-top:.5rem;padding-top:1.5rem;border-top:1px solid var(--line)}
.leave button{margin-bottom:.75rem}
a{color:inherit;text-underline-offset:.2em}
a:focus-visible,button:focus-visible,input:focus-visible{outline:3px solid var(--deed);outline-offset:3px}
footer{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;padding-top:1rem;border-top:1px solid var(--line)}
footer a,.step{display:inline-block;padding:.25rem 0}
`;

/** Whole: the policy's hash is of what stands between the tags, to the byte. */
const STYLE_ELEMENT = `<style>${STYLE}</style>`;

/** Only this style, forms to ourselves, nothing else (https://www.w3.org/TR/CSP3/). */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function renderCard({ language, title, content, website, other }: Card): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${raw(STYLE_ELEMENT)}
      </head>
      <body>
        <main>
          ${content}
          <footer>
            ${website && html`<a href="${website.url}">${website.name}</a>`}
            ${other && html`<a href="?lang=${other.code}" lang="${other.code}" hreflang="${other.code}">${other.name}</a>`}
          </footer>
        </main>
      </body>
    </html>`;
}
