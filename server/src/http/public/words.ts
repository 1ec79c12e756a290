/** What our pages say to whoever gets the mails, in the languages of the mails. */
export type PageLanguage = 'en' | 'es';

export interface Words {
  title: string;
  subscribed: { heading: string; body: string; button: string; note: string };
  unsubscribed: { heading: string; body: string; button: string; note: string };
  blocked: { heading: string; body: string };
  nobody: { heading: string; body: string };
  unknown: { heading: string; body: string };
  broken: { heading: string; body: string };
  busy: { heading: string; body: string };
  /** Link to this page in the other language, in that language's own name */
  other: { code: PageLanguage; name: string };
  website: string;
  /** The way to the preference page */
  instead: string;
}

export const WORDS: Record<PageLanguage, (store: string, hint: string) => Words> = {
  en: (store, hint) => ({
    title: `Mail from ${store}`,
    subscribed: {
      heading: `Stop mail from ${store}?`,
      body: `${store} writes now and then to ${hint}. One click and it stops.`,
      button: 'Unsubscribe',
      note: 'Mails about your orders, such as receipts, are not affected.',
    },
    unsubscribed: {
      heading: 'You are unsubscribed.',
      body: `${store} will send no more offers or news to ${hint}. It holds from this moment.`,
      button: 'Subscribe again',
      note: 'Did that happen by mistake? Subscribing again takes one click, and you can leave again at any time.',
    },
    blocked: {
      heading: `${hint} gets no mail.`,
      body: `This address is blocked for mail from ${store} and stays so, because a mail was reported as spam or could not be delivered. To hear from the shop again, please write to it.`,
    },
    nobody: {
      heading: 'You get no mail from us.',
      body: 'Nobody is known behind this link any more. There is nothing left to unsubscribe.',
    },
    unknown: {
      heading: 'This link is not complete.',
      body: 'Please copy the whole address from the mail, or reply to the mail and say that you want no more. A person reads it.',
    },
    broken: {
      heading: 'That did not work.',
      body: 'The failure is on our side, and nothing was changed. Please try again in a minute.',
    },
    busy: { heading: 'One moment, please.', body: 'There were too many requests. Please try again in a minute.' },
    other: { code: 'es', name: 'Español' },
    website: `To ${store}`,
    instead: 'Or choose what you get: topics, fewer mails, a pause',
  }),
  es: (store, hint) => ({
    title: `Correo de ${store}`,
    subscribed: {
      heading: `¿Dejar de recibir correos de ${store}?`,
      body: `${store} escribe de vez en cuando a ${hint}. Un clic y se acabó.`,
      button: 'Darme de baja',
      note: 'Los correos sobre sus pedidos, como los recibos, no cambian.',
    },
    unsubscribed: {
      heading: 'Baja confirmada.',
      body: `${store} no enviará más ofertas ni novedades a ${hint}. Vale desde este momento.`,
      button: 'Volver a suscribirme',
      note: '¿Ha sido un error? Volver es un clic, y puede darse de baja de nuevo cuando quiera.',
    },
    blocked: {
      heading: `${hint} no recibe correos.`,
      body: `Esta dirección está bloqueada para los correos de ${store} y seguirá así, porque un correo se marcó como spam o no pudo entregarse. Si quiere volver a tener noticias, escriba a la tienda.`,
    },
    nobody: {
      heading: 'No recibe correos nuestros.',
      body: 'Ya no conocemos a nadie con este enlace. No queda nada de lo que darse de baja.',
    },
    unknown: {
      heading: 'Este enlace no está completo.',
      body: 'Copie la dirección entera del correo, o responda al correo y diga que no quiere más. Lo lee una persona.',
    },
    broken: {
      heading: 'No ha funcionado.',
      body: 'El fallo es nuestro y no se ha cambiado nada. Inténtelo de nuevo dentro de un minuto.',
    },
    busy: {
      heading: 'Un momento, por favor.',
      body: 'Ha habido demasiadas peticiones. Inténtelo dentro de un minuto.',
    },
    other: { code: 'en', name: 'English' },
    website: `Ir a ${store}`,
    instead: 'O elija qué recibir: temas, menos correos, una pausa',
  }),
};

/** The page's language: what the address asks for, else the person's, else what the browser prefers, else English. */
export function pageLanguage(
  asked: string | undefined,
  known: string | undefined,
  accepted: string | undefined,
): PageLanguage {
  for (const wish of [asked, known, accepted]) {
    const language = wish?.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'es') return language;
  }
  return 'en';
}
