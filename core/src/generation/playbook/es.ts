/** Los correos de la casa en español: the built-in mails in Spanish, written as Spanish, not translated word by word. */
import type { Copy } from './copy.ts';

const hola = 'Hola, {{ customer.first_name | default: "qué tal" }}:';

export const es: Copy = {
  win_back: {
    reminder: ({ store, offer }) => ({
      subject: offer ? `Hace tiempo que no te vemos: ${offer.label}` : 'Hace tiempo que no te vemos',
      preheader: offer ? `Un detalle por volver a ${store}.` : `Un saludo de ${store}.`,
      heading: 'Nos alegraría volver a verte',
      paragraphs: [
        hola,
        `Ha pasado un tiempo desde tu último pedido en ${store} y queríamos saludarte.`,
        offer
          ? `Para que volver sea más fácil, tienes ${offer.label} en tu próximo pedido con el código ${offer.code}, válido hasta el ${offer.until}.`
          : 'No tienes que hacer nada. Si te apetece echar un vistazo, la tienda está a un clic.',
      ],
      button: offer ? 'Usarlo en la tienda' : 'Echar un vistazo',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `Lo que más gusta ahora en ${store}` : `Novedades en ${store}`,
      preheader: product ? `${product} y lo que más se pide.` : 'Un vistazo rápido a la tienda.',
      heading: product ? 'Lo que más se elige ahora' : 'Mira qué hay en la tienda',
      paragraphs: [
        hola,
        product
          ? `Desde tu última visita, algo ha gustado mucho: ${product}. Aquí abajo tienes lo que más se pide.`
          : 'Algunas cosas han cambiado desde tu última visita. Mira con calma, quizá haya algo para ti.',
        offer
          ? `Si algo te gusta, con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Quizá haya algo para ti. Y si no, en la tienda encontrarás más.',
      ],
      button: 'Ver qué hay',
    }),
  },
  reminder: {
    reminder: ({ store, offer }) => ({
      subject: offer ? `¿Toca reponer? ${offer.label} en ${store}` : '¿Toca de nuevo?',
      preheader: `Por estas fechas sueles pedir en ${store}.`,
      heading: 'Quizá sea el momento',
      paragraphs: [
        hola,
        `Por estas fechas sueles hacer un pedido en ${store}. Por si se te ha pasado, aquí va un recordatorio.`,
        offer
          ? `Con el código ${offer.code} tu próximo pedido tiene ${offer.label} hasta el ${offer.until}.`
          : 'Si aún tienes de todo, no hace falta nada. Aquí estamos cuando nos necesites.',
      ],
      button: 'Volver a pedir',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `También gusta en ${store}` : `¿Volvemos a vernos en ${store}?`,
      preheader: product ? `${product}, entre otras cosas.` : 'Tu próximo pedido, a unos clics.',
      heading: product ? '¿Algo más, además de lo de siempre?' : 'Cuando tú quieras',
      paragraphs: [
        hola,
        product
          ? `Si vas a pedir de nuevo, mira esto: ${product}. Mucha gente lo añade a su pedido.`
          : 'Si vas a pedir de nuevo, todo está donde lo dejaste.',
        offer
          ? `El código ${offer.code} te da ${offer.label} hasta el ${offer.until}.`
          : 'Sin prisas: la tienda está abierta cuando te venga bien.',
      ],
      button: 'Ir a la tienda',
    }),
  },
};
