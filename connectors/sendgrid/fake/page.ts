/** The outbox as a page: what would have gone out, for whoever tries Rekindle on her own machine. */
import type { FakeMail, Mailbox, MailHead } from './mailbox.ts';

const STYLE = `
:root { color-scheme: light; --ink: #1f2430; --soft: #626b7d; --line: #e4e7ee; --paper: #fff; --ground: #f5f6f9; --mark: #0b6e4f; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--ground); }
header { position: sticky; top: 0; z-index: 1; background: var(--paper); border-bottom: 1px solid var(--line); padding: 14px 16px; }
header > div, main { max-width: 760px; margin: 0 auto; }
h1 { font-size: 17px; margin: 0; } h1 a { color: inherit; text-decoration: none; }
.note { color: var(--soft); font-size: 13px; margin: 2px 0 0; }
form { display: flex; gap: 8px; margin-top: 10px; }
input[type=search] { flex: 1; min-width: 0; font: inherit; padding: 8px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--ground); }
button { font: inherit; padding: 8px 14px; border: 0; border-radius: 10px; background: var(--mark); color: #fff; cursor: pointer; }
:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
main { padding: 16px; }
ol { list-style: none; margin: 0; padding: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
li + li { border-top: 1px solid var(--line); }
li a { display: block; padding: 12px 16px; color: inherit; text-decoration: none; } li a:hover { background: var(--ground); }
.top { display: flex; justify-content: space-between; gap: 12px; font-size: 13px; color: var(--soft); }
.top span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } time { white-space: nowrap; }
.subject { font-weight: 600; overflow-wrap: anywhere; }
.empty { background: var(--paper); border: 1px dashed var(--line); border-radius: 14px; padding: 40px 20px; text-align: center; color: var(--soft); }
.pages { display: flex; justify-content: space-between; padding: 14px 4px; } .pages a, .back { color: var(--mark); }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; margin-top: 12px; }
dl { display: grid; grid-template-columns: 4.5em minmax(0, 1fr); gap: 4px 12px; margin: 0; padding: 14px 16px; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: 70vh; border: 0; background: #fff; }
pre { margin: 0; padding: 14px 16px; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, monospace; }
summary { padding: 12px 16px; cursor: pointer; color: var(--soft); }
`;

const PAGE = 50;

/** Only what stands in the page itself: no script, and the mail in a frame that may do nothing but show. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** The mail itself: pictures and styles, links into new windows, no script. */
export const MAIL_POLICY =
  "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; font-src *; sandbox allow-popups allow-popups-to-escape-sandbox";

export interface Listing {
  mails: MailHead[];
  more: boolean;
}

/** A page of the mails that hold `search` in recipient or subject. */
export function listMails(mailbox: Pick<Mailbox, 'newest'>, search: string, page: number): Listing {
  const wanted = search.trim().toLowerCase();
  const mails: MailHead[] = [];
  let passed = wanted === '' ? page * PAGE : 0;
  for (const mail of mailbox.newest(passed)) {
    if (wanted !== '' && !`${mail.to} ${mail.subject}`.toLowerCase().includes(wanted)) continue;
    if (passed++ < page * PAGE) continue;
    if (mails.length === PAGE) return { mails, more: true };
    mails.push(mail);
  }
  return { mails, more: false };
}

export function listPage(listing: Listing, given: { search: string; page: number; taken: number }): string {
  const { search, page } = given;
  const link = (to: number): string => `/?q=${encodeURIComponent(search)}&amp;page=${String(to)}`;
  const items = listing.mails.map(
    (mail) => `<li><a href="/mails/${encodeURIComponent(mail.messageId)}">
<div class="top"><span>${escape(mail.to)}</span>${time(mail.at)}</div>
<div class="subject">${escape(mail.subject)}</div></a></li>`,
  );
  const body =
    items.length > 0
      ? `<ol>${items.join('')}</ol>
<nav class="pages"><span>${page > 0 ? `<a href="${link(page - 1)}">Newer</a>` : ''}</span><span>${listing.more ? `<a href="${link(page + 1)}">Older</a>` : ''}</span></nav>`
      : `<p class="empty">${search === '' ? 'No mail yet. It appears here as soon as a campaign sends.' : `No mail with “${escape(search)}”.`}</p>`;
  return frame(
    'Outbox',
    `<form role="search"><input type="search" name="q" value="${escape(search)}" placeholder="Recipient or subject" aria-label="Search"><button>Search</button></form>`,
    body,
    given.taken,
  );
}

export function mailPage(mail: FakeMail, taken: number): string {
  const rows = Object.entries({ From: mail.from, To: mail.to, Subject: mail.subject })
    .map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`)
    .join('');
  const headers = Object.entries(mail.headers).map(([name, value]) => `${name}: ${value}`);
  const id = encodeURIComponent(mail.messageId);
  return frame(
    mail.subject,
    '',
    `<a class="back" href="/">← All mails</a>
<section class="card"><dl><dt>Sent</dt><dd>${time(mail.at)}</dd>${rows}</dl></section>
<section class="card"><iframe title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mails/${id}/html"></iframe></section>
<details class="card"><summary>Plain text</summary><pre>${escape(mail.text)}</pre></details>
<details class="card"><summary>Headers</summary><pre>${escape(headers.join('\n'))}</pre></details>`,
    taken,
  );
}

/** The html part, with links made to open in a window of their own. */
export function mailBody(mail: FakeMail): string {
  return `<base target="_blank">${mail.html}`;
}

function frame(title: string, search: string, body: string, taken: number): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head><body>
<header><div><h1><a href="/">Outbox of the local mailbox</a></h1>
<p class="note">${taken.toLocaleString('en')} ${taken === 1 ? 'mail' : 'mails'} taken. None of them left this machine.</p>${search}</div></header>
<main>${body}</main></body></html>`;
}

function time(at: Date): string {
  const iso = at.toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (c) => entities[c] ?? c);
}
