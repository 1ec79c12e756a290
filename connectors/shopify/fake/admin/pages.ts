/** Pages of the admin that is played: the app in its frame, the question before an installation, the list of apps. */

export interface PlayedApp {
  name: string;
  /** Its address in the admin: /store/{shop}/apps/{handle} */
  handle: string;
  apiKey: string;
  /** https://app.example.com */
  url: string;
  scopes: readonly string[];
}

export interface PlayedShop {
  /** example, of example.myshopify.com */
  name: string;
  title: string;
}

const STYLE = `
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: grid; grid-template: 52px auto 1fr / 220px minmax(0, 1fr); background: #1a1a1a;
  color: #303030; font: 14px/20px system-ui, -apple-system, 'Segoe UI', 'Open Sans', sans-serif; }
header { grid-column: 1 / -1; display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 0 16px;
  color: #e3e3e3; position: relative; }
header b { color: #fff; font-weight: 650; }
header small { color: #b5b5b5; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
#busy { position: absolute; inset: auto 0 0; height: 3px; }
#busy[data-on] { background: #47c1bf; }
nav { grid-row: 2 / -1; background: #ebebeb; border-radius: 12px 0 0; padding: 12px 8px; overflow: auto; }
nav span, nav a { display: block; padding: 5px 12px; border-radius: 8px; color: #303030; text-decoration: none; }
nav span { color: #616161; }
nav > a { font-weight: 600; }
nav #menu a { padding-left: 28px; }
nav a[aria-current] { background: #fff; font-weight: 600; }
#head { background: #f1f1f1; border-radius: 0 12px 0 0; padding: 10px 20px; font-weight: 600; display: flex; gap: 8px;
  border-bottom: 1px solid #dedede; min-width: 0; white-space: nowrap; overflow: hidden; }
#head span { color: #616161; font-weight: 400; }
iframe { border: 0; width: 100%; height: 100%; background: #f1f1f1; }
#toast { position: fixed; left: 50%; bottom: 24px; transform: translateX(-50%); background: #303030; color: #fff; padding: 8px 16px;
  border-radius: 8px; }
#toast:empty { display: none; }
section { background: #f1f1f1; padding: 24px 20px; grid-row: 2 / -1; overflow: auto; border-radius: 0 12px 0 0; }
section div { background: #fff; border-radius: 12px; padding: 20px; max-width: 560px; display: grid; gap: 12px; }
h1 { font-size: 20px; margin: 0; }
ul { margin: 0; padding-left: 20px; }
button { justify-self: start; border: 0; border-radius: 8px; background: #303030; color: #fff; font: inherit; font-weight: 600;
  padding: 8px 14px; }
@media (max-width: 600px) {
  body { grid-template: 48px auto auto 1fr / minmax(0, 1fr); }
  nav { grid-row: auto; border-radius: 0; padding: 6px; display: flex; overflow-x: auto; }
  nav span { display: none; }
  nav #menu { display: flex; }
  nav a, nav #menu a { padding: 5px 10px; white-space: nowrap; }
  section, #head { grid-row: auto; border-radius: 0; }
}`;

/** The app in its frame. `source`: what the frame loads; `base`: where the app's pages stand in the admin. */
export function framePage(shop: PlayedShop, app: PlayedApp, base: string, source: string): string {
  const main = `<div id="head">${escape(app.name)} <span id="title"></span></div>
<iframe title="${escape(app.name)}" name="app-iframe" src="${escape(source)}"></iframe>
<div id="toast" role="status"></div>
<script src="/admin.js"></script>`;
  return page(shop, app, base, main);
}

/** Managed installation: the admin asks, not the app. */
export function installPage(shop: PlayedShop, app: PlayedApp, base: string): string {
  const scopes = app.scopes.map((scope) => `<li>${escape(scope)}</li>`).join('');
  const main = `<section><div><h1>Install ${escape(app.name)}?</h1>
<p>It will be able to:</p><ul>${scopes}</ul>
<form method="post" action="/store/${escape(shop.name)}/oauth/install"><button>Install</button></form></div></section>`;
  return page(shop, app, base, main);
}

/** What is installed, and how to be rid of it. */
export function appsPage(shop: PlayedShop, app: PlayedApp, base: string, installed: boolean): string {
  const action = installed ? 'uninstall' : 'install';
  const main = `<section><div><h1>Apps</h1><p>${escape(app.name)}: ${installed ? 'installed' : 'not installed'}</p>
<form method="post" action="/store/${escape(shop.name)}/oauth/${action}"><button>${installed ? 'Uninstall' : 'Install'}</button></form>
</div></section>`;
  return page(shop, app, base, main);
}

function page(shop: PlayedShop, app: PlayedApp, base: string, main: string): string {
  const rooms = ['Home', 'Orders', 'Products', 'Customers', 'Marketing'].map((room) => `<span>${room}</span>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(shop.title)} · ${escape(app.name)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body data-app="${escape(new URL(app.url).origin)}" data-base="${escape(base)}">
<header><b>${escape(shop.title)}</b><small>A stand-in for the Shopify admin</small><div id="busy"></div></header>
<nav aria-label="Admin">${rooms}<a href="${escape(base)}">${escape(app.name)}</a><div id="menu"></div>
<a href="/store/${escape(shop.name)}/settings/apps">Apps</a></nav>
${main}
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
