/**
 * The admin's side of the app's frame: hands out session tokens, shows the app's navigation, title and toasts, and keeps the
 * address of the page, so that a reload or a copied link opens the same page of the app.
 *
 * @import { AppLink, FromAdmin, ToAdmin } from './messages.js'
 */
const frame = document.querySelector('iframe');
const menu = document.querySelector('#menu');
const title = document.querySelector('#title');
const toast = document.querySelector('#toast');
const bar = document.querySelector('#busy');
const { app = '', base = '' } = document.body.dataset;

/** @param {FromAdmin} message */
function tell(message) {
  frame?.contentWindow?.postMessage(message, app);
}

/** @param {number} id */
async function giveToken(id) {
  const answer = await fetch(`${base}/session-token`, { method: 'POST' });
  const given = /** @type {{ token: string }} */ (await answer.json());
  tell({ kind: 'token', id, token: given.token });
}

/** @param {AppLink[]} links */
function showMenu(links) {
  const items = links
    .filter((link) => !link.home)
    .map(({ label, path }) => {
      const item = document.createElement('a');
      item.textContent = label;
      item.href = `${base}${path}`;
      item.addEventListener('click', (event) => {
        event.preventDefault();
        tell({ kind: 'navigate', path });
      });
      return item;
    });
  menu?.replaceChildren(...items);
  markMenu();
}

function markMenu() {
  for (const item of menu?.querySelectorAll('a') ?? [])
    if (window.location.pathname.startsWith(new URL(item.href).pathname)) item.setAttribute('aria-current', 'page');
    else item.removeAttribute('aria-current');
}

window.addEventListener('message', (event) => {
  if (event.origin !== app || event.source !== frame?.contentWindow) return;
  const message = /** @type {ToAdmin} */ (event.data);
  if (message.kind === 'token') void giveToken(message.id);
  if (message.kind === 'path') {
    window.history.replaceState(null, '', base + (message.path === '/' ? '' : message.path));
    markMenu();
  }
  if (message.kind === 'menu') {
    showMenu(message.links);
    if (title) title.textContent = message.title;
  }
  if (message.kind === 'toast' && toast) toast.textContent = message.text;
  if (message.kind === 'loading') bar?.toggleAttribute('data-on', message.on);
});
