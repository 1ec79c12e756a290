/** What the preference page says, in the languages of the mails. */
import type { PageLanguage } from './words.ts';

export interface PreferenceWords {
  title: string;
  heading: string;
  intro: string;
  topics: string;
  frequency: string;
  /** By days between two mails; any: as often as the store writes */
  often: Record<'any' | '7' | '30' | '90', string>;
  pause: string;
  noPause: string;
  /** The pause that runs */
  keepPause: (day: string) => string;
  pauseFor: (days: number) => string;
  language: string;
  save: string;
  counted: string;
  notCounted: string;
  doNotCount: string;
  count: string;
  leave: string;
  leaveNote: string;
  saved: string;
  savedBody: string;
  nothingChanged: string;
  undone: string;
  get: (topics: string) => string;
  undo: string;
  again: string;
  broken: string;
}

export const PREFERENCE_WORDS: Record<PageLanguage, (store: string, hint: string) => PreferenceWords> = {
  en: (store, hint) => ({
    title: `What you get from ${store}`,
    heading: `What would you like from ${store}?`,
    intro: `For ${hint}. What you choose holds from the moment you save it.`,
    topics: 'Mails about',
    frequency: 'How often',
    often: {
      any: 'As often as the shop writes',
      '7': 'At most one a week',
      '30': 'At most one a month',
      '90': 'At most one in three months',
    },
    pause: 'A pause',
    noPause: 'No pause',
    keepPause: (day) => `Paused until ${day}`,
    pauseFor: (days) => `No mail for ${String(days)} days`,
    language: 'Language of the mails',
    save: 'Save',
    counted: 'The shop may count whether you open its mails and follow their links.',
    notCounted: 'Nothing in your mails counts whether you open them or follow their links.',
    doNotCount: 'Do not count me',
    count: 'You may count me again',
    leave: 'Unsubscribe from everything',
    leaveNote: 'No more offers or news at all. Mails about your orders, such as receipts, are not affected.',
    saved: 'Saved.',
    savedBody: `${store} follows it from this moment. For ${hint}:`,
    nothingChanged: 'Nothing was changed.',
    undone: 'Taken back.',
    get: (topics) => `You get mails about: ${topics}.`,
    undo: 'Undo',
    again: 'Change something else',
    broken: 'That could not be read, and nothing was changed. Please choose again.',
  }),
  es: (store, hint) => ({
    title: `Qué recibe de ${store}`,
    heading: `¿Qué quiere recibir de ${store}?`,
    intro: `Para ${hint}. Lo que elija vale desde que lo guarde.`,
    topics: 'Correos sobre',
    frequency: 'Con qué frecuencia',
    often: {
      any: 'Cuando la tienda escriba',
      '7': 'Como mucho uno a la semana',
      '30': 'Como mucho uno al mes',
      '90': 'Como mucho uno cada tres meses',
    },
    pause: 'Una pausa',
    noPause: 'Sin pausa',
    keepPause: (day) => `En pausa hasta el ${day}`,
    pauseFor: (days) => `Ningún correo durante ${String(days)} días`,
    language: 'Idioma de los correos',
    save: 'Guardar',
    counted: 'La tienda puede contar si abre sus correos y sigue sus enlaces.',
    notCounted: 'Nada en sus correos cuenta si los abre o sigue sus enlaces.',
    doNotCount: 'No me cuenten',
    count: 'Pueden contarme de nuevo',
    leave: 'Darme de baja de todo',
    leaveNote: 'Ni ofertas ni novedades. Los correos sobre sus pedidos, como los recibos, no cambian.',
    saved: 'Guardado.',
    savedBody: `${store} lo respeta desde este momento. Para ${hint}:`,
    nothingChanged: 'No ha cambiado nada.',
    undone: 'Deshecho.',
    get: (topics) => `Recibe correos sobre: ${topics}.`,
    undo: 'Deshacer',
    again: 'Cambiar otra cosa',
    broken: 'No se ha podido leer y no se ha cambiado nada. Elija de nuevo, por favor.',
  }),
};

/** A language in its own name. */
export const LANGUAGE_NAMES: Record<PageLanguage, string> = { en: 'English', es: 'Español' };
