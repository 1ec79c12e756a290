/** The preference page as HTML: one form with everything that can be asked for, and the page that says what holds now. */
import { html } from 'hono/html';
import { FREQUENCIES, MAIL_LANGUAGES, PAUSES, wishDay, type PreferenceSheet } from '@rekindle/core';
import { renderCard, type Card, type Html } from './look.ts';
import { LANGUAGE_NAMES, PREFERENCE_WORDS, type PreferenceWords } from './preference-words.ts';
import { pageLanguage, WORDS, type PageLanguage } from './words.ts';

export interface View {
  sheet: PreferenceSheet;
  language: PageLanguage;
}

function frame({ sheet, language }: View, title: string): Omit<Card, 'content'> {
  const { website, storeName } = sheet.recipient;
  const words = WORDS[language](storeName, '');
  return {
    language,
    title,
    other: words.other,
    ...(/^https?:\/\//.test(website) && { website: { url: website, name: words.website } }),
  };
}

function wordsOf({ sheet, language }: View): PreferenceWords {
  const { storeName, hint } = sheet.recipient;
  return PREFERENCE_WORDS[language](storeName, hint === '' ? '–' : hint);
}

/** `broken`: what was sent could not be read. */
export function renderPreferences(view: View, { broken = false } = {}): Html {
  const { sheet, language } = view;
  const { topics, preference } = sheet;
  const words = wordsOf(view);
  const pause = preference.pausedUntil;
  return renderCard({
    ...frame(view, words.title),
    content: html`<h1>${words.heading}</h1>
      <p>${words.intro}</p>
      ${broken ? html`<p class="wrong" role="alert">${words.broken}</p>` : ''}
      <form method="post">
        <input type="hidden" name="lang" value="${language}" />
        <input type="hidden" name="topics" value="${topics.map(({ key }) => key).join(',')}" />
        <fieldset>
          <legend>${words.topics}</legend>
          ${topics.map((topic) => tick(`topic:${topic.key}`, topic[language], !preference.topicsOff.includes(topic.key)))}
        </fieldset>
        ${choice(words.frequency, 'frequency', String(preference.daysBetween ?? 'any'), [
          ['any', words.often.any],
          ...FREQUENCIES.map((days) => [String(days), words.often[`${days}`]] as const),
        ])}
        ${choice(words.pause, 'pause', pause === null ? 'none' : 'keep', [
          ...(pause === null ? [] : [['keep', words.keepPause(dayOf(pause, view))] as const]),
          ['none', words.noPause],
          ...PAUSES.map((days) => [String(days), words.pauseFor(days)] as const),
        ])}
        ${choice(
          words.language,
          'language',
          pageLanguage(undefined, sheet.recipient.language, undefined),
          MAIL_LANGUAGES.map((code) => [code, LANGUAGE_NAMES[code], code] as const),
        )}
        <button name="action" value="save">${words.save}</button>
      </form>
      <form method="post" class="leave">
        <input type="hidden" name="lang" value="${language}" />
        <button name="action" value="unsubscribe" class="quiet">${words.leave}</button>
        <p class="note">${words.leaveNote}</p>
      </form>
      <form method="post" class="leave">
        <input type="hidden" name="lang" value="${language}" />
        <p>${sheet.counted ? words.counted : words.notCounted}</p>
        <button name="action" value="${sheet.counted ? 'do_not_count' : 'count'}" class="quiet">
          ${sheet.counted ? words.doNotCount : words.count}
        </button>
      </form>`,
  });
}

/** After saving. `before` is the id of the newest change before it: where it is the same, nothing was changed. */
export function renderSaved(view: View, how: { before: string | null; undone: boolean }): Html {
  const { sheet, language } = view;
  const words = wordsOf(view);
  const changed = sheet.changeId !== null && sheet.changeId !== how.before;
  const heading = !changed ? words.nothingChanged : how.undone ? words.undone : words.saved;
  return renderCard({
    ...frame(view, `${heading} ${words.title}`),
    content: html`<h1>${heading}</h1>
      <p>${words.savedBody}</p>
      <ul>
        ${holding(view).map((sentence) => html`<li>${sentence}</li>`)}
      </ul>
      ${
        changed
          ? html`<form method="post">
              <input type="hidden" name="lang" value="${language}" />
              <input type="hidden" name="change" value="${sheet.changeId ?? ''}" />
              <button name="action" value="undo" class="quiet">${words.undo}</button>
            </form>`
          : ''
      }
      <p><a class="step" href="?lang=${language}">${words.again}</a></p>`,
  });
}

/** What holds now, a sentence each. */
function holding(view: View): string[] {
  const { sheet, language } = view;
  const { topics, preference, recipient } = sheet;
  const words = wordsOf(view);
  const wanted = topics.filter(({ key }) => !preference.topicsOff.includes(key)).map((topic) => topic[language]);
  const often = preference.daysBetween === null ? 'any' : `${preference.daysBetween as (typeof FREQUENCIES)[number]}`;
  const pause = preference.pausedUntil;
  return [
    words.get(wanted.join(', ')),
    `${words.often[often as keyof PreferenceWords['often']]}.`,
    ...(pause === null ? [] : [`${words.keepPause(dayOf(pause, view))}.`]),
    `${words.language}: ${LANGUAGE_NAMES[pageLanguage(undefined, recipient.language, undefined)]}.`,
  ];
}

function dayOf(at: Date, { sheet, language }: View): string {
  return wishDay(at, { language, timeZone: sheet.timeZone }, sheet.now);
}

function tick(name: string, label: string, on: boolean): Html {
  return html`<label
    ><input type="checkbox" name="${name}" value="on" ${on ? 'checked' : ''} /> <span>${label}</span></label
  >`;
}

function choice(
  legend: string,
  name: string,
  chosen: string,
  options: readonly (readonly [value: string, label: string, language?: string])[],
): Html {
  return html`<fieldset>
    <legend>${legend}</legend>
    ${options.map(
      ([value, label, language]) =>
        html`<label
          ><input type="radio" name="${name}" value="${value}" ${value === chosen ? 'checked' : ''} />
          <span ${language === undefined ? '' : html`lang="${language}"`}>${label}</span></label
        >`,
    )}
  </fieldset>`;
}
