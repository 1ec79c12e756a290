/** Findings in words, ranked, each with its worth, its picture and one thing to do. */
import { languageOf, type InsightsPage, type Language, type StoreFacts } from '@rekindle/core';
import { storeFormat, type Format } from './format.server.ts';
import { pictureView, type PictureView } from './picture.server.ts';

export interface InsightView {
  id: string;
  title: string;
  because: string;
  worth: string | null;
  /** How sure it is, and since when it is known */
  foot: string;
  action: { label: string; url: string };
  picture: PictureView | null;
  /** What the button to put it away says to who cannot see what it stands beside */
  known: string;
}

const en = {
  title: 'Insights',
  iKnow: 'I know this',
  emptyTitle: 'Findings will be here',
  emptyText:
    'Once a day your orders, customers and mails are looked through: cohorts that slip, hours that work, products that bring people back. What is surely so stands here, dearest first, each with one thing to do.',
  emptyLink: 'See how well the forecasts come true',
  putAway: 'Put away. It comes back only with news.',
  notYet: 'Nothing is found yet: the first look comes after the first scoring.',
  nothing: 'Nothing new: everything goes as it usually does.',
  answer: (count: string, one: boolean, first: string) => `${count} ${one ? 'finding' : 'findings'}. First: ${first}`,
  note: (compared: string, ago: string) =>
    `${compared} comparisons were made ${ago}. Of those that stand here at most one in ten is chance; what was told once comes back only with news.`,
  counted: 'Counted',
  sure: 'Sure',
  chance: (share: string) => `At most ${share} chance that it is none`,
  foot: (sure: string, day: string) => `${sure}. Found ${day}.`,
};

const es: typeof en = {
  title: 'Hallazgos',
  iKnow: 'Ya lo sé',
  emptyTitle: 'Aquí estarán los hallazgos',
  emptyText:
    'Una vez al día se repasan tus pedidos, clientes y correos: grupos que se escapan, horas que funcionan, productos que hacen volver. Lo que es seguro queda aquí, lo más valioso primero, cada cosa con algo que hacer.',
  emptyLink: 'Ver cómo de bien se cumplen las predicciones',
  putAway: 'Apartado. Solo vuelve si hay novedades.',
  notYet: 'Todavía no se ha encontrado nada: el primer repaso llega tras la primera puntuación.',
  nothing: 'Nada nuevo: todo va como suele ir.',
  answer: (count, one, first) => `${count} ${one ? 'hallazgo' : 'hallazgos'}. El primero: ${first}`,
  note: (compared, ago) =>
    `Se hicieron ${compared} comparaciones ${ago}. De lo que hay aquí, como mucho una de cada diez cosas es azar; lo que ya se contó solo vuelve si hay novedades.`,
  counted: 'Contado',
  sure: 'Seguro',
  chance: (share) => `Como mucho un ${share} de probabilidad de que no sea nada`,
  foot: (sure, day) => `${sure}. Encontrado el ${day}.`,
};

const WORDS: Record<Language, typeof en> = { en, es };

export interface InsightsView {
  language: Language;
  words: Pick<typeof en, 'title' | 'iKnow' | 'emptyTitle' | 'emptyText' | 'emptyLink'>;
  answer: string;
  note: string | null;
  insights: InsightView[];
}

export function insightsView(page: InsightsPage): InsightsView {
  const format = storeFormat(page.store);
  const words = WORDS[format.language];
  const { insights, look } = page;
  const { title, iKnow, emptyTitle, emptyText, emptyLink } = words;
  return {
    language: format.language,
    words: { title, iKnow, emptyTitle, emptyText, emptyLink },
    answer: answerOf(format, page),
    note: look && look.compared > 0 ? words.note(format.count(look.compared), format.ago(look.at)) : null,
    insights: insights.map((one) => ({
      id: one.id,
      title: one.title,
      because: one.because,
      worth: one.size === null || one.size === 0 ? null : `${format.moneyKnown(one.size, one.size)} ${one.sizeOf ?? ''}`.trim(),
      foot: words.foot(
        one.qValue === null ? words.counted : one.qValue < 0.001 ? words.sure : words.chance(format.share(one.qValue)),
        format.day(one.foundAt),
      ),
      action: one.action,
      picture: pictureView(format, one.picture, one.title),
      known: `${iKnow}: ${one.title}`,
    })),
  }; // prettier-ignore
}

/** What is said when one was put away. */
export function putAwayWords(store: StoreFacts): string {
  return WORDS[languageOf(store.language)].putAway;
}

function answerOf(format: Format, { insights, look }: InsightsPage): string {
  const words = WORDS[format.language];
  if (!look) return words.notYet;
  const [first] = insights;
  if (!first) return words.nothing;
  return words.answer(format.count(insights.length), insights.length === 1, first.title);
}
