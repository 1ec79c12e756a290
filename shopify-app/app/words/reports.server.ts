/** Reports in words: the kept figures as they are, on the page as in the mail. */
import { spanTitle, type Language, type Report, type ReportsPage, type StoreFacts } from '@rekindle/core';
import { storeFormat, type Format } from './format.server.ts';

const en = {
  title: 'Reports',
  emptyTitle: 'Reports will be here',
  emptyText:
    'Every Monday on the week before, and on the first of each month: what came in, what mails did and brought, and what is to come. On this page, by mail, as CSV and as PDF, with the same numbers everywhere.',
  emptyLink: 'Choose who gets them',
  none: 'No report yet: the first one comes when a week is over.',
  here: 'They stand here only. Add an address in the settings to get them by mail.',
  mailedTo: (count: string, one: boolean) => `They also go to ${count} ${one ? 'address' : 'addresses'} by mail.`,
  made: (day: string) => `Made ${day}`,
  mailed: (made: string, to: string) => `${made}, mailed to ${to}`,
  toKnow: 'What to know',
  figure: 'Figure',
  now: 'Now',
  before: 'Before',
  failed: 'The file did not come. Load the page again and try once more.',
};

const es: typeof en = {
  title: 'Informes',
  emptyTitle: 'Aquí estarán los informes',
  emptyText:
    'Cada lunes sobre la semana anterior y el primero de cada mes: lo que entró, lo que hicieron y trajeron los correos y lo que viene. En esta página, por correo, en CSV y en PDF, con los mismos números en todas partes.',
  emptyLink: 'Elegir quién los recibe',
  none: 'Todavía no hay informes: el primero llega cuando acabe una semana.',
  here: 'Solo están aquí. Añade una dirección en los ajustes para recibirlos por correo.',
  mailedTo: (count, one) => `También van por correo a ${count} ${one ? 'dirección' : 'direcciones'}.`,
  made: (day) => `Hecho el ${day}`,
  mailed: (made, to) => `${made}, enviado a ${to}`,
  toKnow: 'Lo que conviene saber',
  figure: 'Cifra',
  now: 'Ahora',
  before: 'Antes',
  failed: 'El archivo no ha llegado. Vuelve a cargar la página e inténtalo otra vez.',
};

const WORDS: Record<Language, typeof en> = { en, es };

export interface ReportsView {
  language: Language;
  words: Pick<typeof en, 'title' | 'emptyTitle' | 'emptyText' | 'emptyLink'>;
  answer: string;
  note: string;
  rows: { id: string; title: string; answer: string; made: string; url: string; language: Language }[];
}

export function reportsView(page: ReportsPage): ReportsView {
  const format = storeFormat(page.store);
  const words = WORDS[format.language];
  const [newest] = page.reports;
  const { title, emptyTitle, emptyText, emptyLink } = words;
  return {
    language: format.language,
    words: { title, emptyTitle, emptyText, emptyLink },
    answer: newest ? newest.figures.answer : words.none,
    note: page.to === 0 ? words.here : words.mailedTo(format.count(page.to), page.to === 1),
    rows: page.reports.map((report) => ({
      id: report.id,
      title: report.figures.title,
      answer: report.figures.answer,
      made: mailed(report, format),
      url: `/reports/${report.id}`,
      language: report.figures.language,
    })),
  };
}

function mailed(report: Report, format: Format): string {
  const words = WORDS[format.language];
  const made = words.made(format.day(report.madeAt));
  return report.mailedAt ? words.mailed(made, format.count(report.mailedTo)) : made;
}

/** What stands around the kept words of one report: in their language, whatever the store's is by now. */
export function reportView({ report }: { store: StoreFacts; report: Report }) {
  const { title, toKnow, figure, now, before, failed } = WORDS[report.figures.language];
  return { id: report.id, figures: report.figures, words: { reports: title, toKnow, figure, now, before, failed } };
}

export function reportFileName(report: Report, zone: string, ending: string): string {
  const { span, from, until, figures } = report;
  const title = spanTitle({ name: span, from, until }, zone, figures.language);
  return `rekindle-${span}-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.${ending}`;
}
