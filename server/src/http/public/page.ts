/** One quiet page: a card with a sentence, at most one button, and at most one way on. */
import { html } from 'hono/html';
import { renderCard, type Card, type Html } from './look.ts';

export interface Page extends Omit<Card, 'content'> {
  heading: string;
  body: string;
  /** What a click does, and the words beside it. */
  action?: { value: 'unsubscribe' | 'resubscribe'; button: string; note: string; quiet: boolean } | undefined;
  /** Another page of ours that may serve better */
  instead?: { url: string; words: string } | undefined;
}

export function renderPage({ heading, body, action, instead, ...card }: Page): Html {
  const form =
    action &&
    html`<form method="post">
        <input type="hidden" name="lang" value="${card.language}" />
        <button name="action" value="${action.value}" class="${action.quiet ? 'quiet' : ''}">${action.button}</button>
      </form>
      <p class="note">${action.note}</p>`;
  return renderCard({
    ...card,
    content: html`<h1>${heading}</h1>
      <p>${body}</p>
      ${form} ${instead && html`<p><a class="step" href="${instead.url}">${instead.words}</a></p>`}`,
  });
}
