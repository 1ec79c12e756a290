/** A contact's record as a salesperson sees it: what HubSpot knows, what stands on the timeline, and the app's card beside it. */
import type { Portal } from '../portal.ts';
import type { FakeRecord } from '../records.ts';

const STYLE = `
:root { color-scheme: light; --ink: #33475b; --soft: #516f90; --line: #cbd6e2; --ground: #f5f8fa; --link: #0a6e8a; }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--ground); }
header { background: #2d3e50; color: #fff; padding: 10px 16px; display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; }
header small { color: #cbd6e2; }
main { display: grid; grid-template-columns: 280px minmax(0, 1fr) 400px; gap: 16px; padding: 16px; align-items: start; }
@media (max-width: 1000px) { main { grid-template-columns: minmax(0, 1fr); } #side { order: -1; } }
section.pane { background: #fff; border: 1px solid var(--line); border-radius: 6px; padding: 16px; overflow-wrap: anywhere; }
h1 { font-size: 20px; margin: 0 0 8px; } h2 { font-size: 14px; margin: 0 0 12px; } h3 { font-size: 15px; margin: 0; }
dl { margin: 0; } dt { color: var(--soft); font-size: 12px; margin-top: 10px; } dd { margin: 0; white-space: pre-line; }
ol { list-style: none; margin: 0; padding: 0; } ol li { border-left: 3px solid var(--line); padding: 2px 0 12px 12px; }
small { color: var(--soft); } p { margin: 0; } .bold { font-weight: 600; } ul { margin: 0; padding-left: 18px; }
.flex { display: flex; } .column { flex-direction: column; } .wrap { flex-wrap: wrap; }
.gap-xs { gap: 8px; } .gap-sm { gap: 14px; }
.tag { border: 1px solid var(--line); border-radius: 3px; padding: 0 8px; font-size: 12px; } .tag.warning { background: #fef8f0; border-color: #dbae60; }
.alert { border: 1px solid #dbae60; background: #fef8f0; border-radius: 4px; padding: 10px 12px; }
button { font: inherit; border-radius: 4px; padding: 6px 14px; cursor: pointer; border: 1px solid var(--ink); background: #fff; color: var(--ink); align-self: flex-start; }
button.destructive { background: #b3261e; border-color: #b3261e; color: #fff; } button.transparent { border-color: transparent; background: none; color: var(--link); padding-left: 0; }
button:disabled { opacity: .5; cursor: default; } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
progress { width: 100%; height: 14px; accent-color: #33475b; } hr { border: 0; border-top: 1px solid var(--line); margin: 0; width: 100%; }
`;

/** Only what is the page's own: the card's script, the calls that go through its server. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'";

export function recordPage(portal: Portal, contact: FakeRecord): string {
  const value = (name: string): string => portal.records.contacts.value(contact, name) ?? '';
  const name = [value('firstname'), value('lastname')].join(' ').trim() || value('email') || `Contact ${contact.id}`;
  const facts = [
    ['Email', value('email')],
    ['Phone', value('phone')],
    ['Opted out of email', value('hs_email_optout') || 'false'],
    ...[...portal.properties.values()].map((property) => [property.label, value(property.name)]),
  ].filter(([, text]) => text !== '');
  const events = portal.timeline.filter((event) => event.objectId === contact.id).toReversed();
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(name)}</title><style>${STYLE}</style></head>
<body><header><strong>Contacts</strong><small>A stand-in for HubSpot on this machine; the card is the real one.</small></header>
<main>
<section class="pane"><h1>${escape(name)}</h1><h2>About this contact</h2><dl>
${facts.map(([label = '', text = '']) => `<dt>${escape(label)}</dt><dd>${escape(text)}</dd>`).join('\n')}
</dl></section>
<section class="pane"><h2>Activity</h2>${timeline(events)}</section>
<section class="pane" id="side"><h2>Rekindle</h2><div id="card" data-contact="${escape(contact.id)}"></div></section>
</main><script type="module" src="/card.js"></script></body></html>`;
}

function timeline(events: Portal['timeline']): string {
  if (events.length === 0) return '<p>Nothing happened with this contact yet.</p>';
  const items = events.map(
    ({ at, properties }) =>
      `<li><small>${escape(at.slice(0, 10))}</small><p>${escape(properties['words'] ?? '')}</p><small>${escape(properties['campaign'] ?? '')}: ${escape(properties['subject'] ?? '')}</small></li>`,
  );
  return `<ol>${items.join('\n')}</ol>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
