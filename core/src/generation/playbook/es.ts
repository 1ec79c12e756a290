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
  second_try: {
    reminder: ({ store, offer }) => ({
      subject: offer ? `Seguimos pensando en ti: ${offer.label}` : 'Aquí seguimos, por si nos necesitas',
      preheader: `Un segundo saludo de ${store}.`,
      heading: 'Quizá te pillamos en mal momento',
      paragraphs: [
        hola,
        `Te escribimos hace poco y desde entonces no te hemos visto por ${store}. No pasa nada.`,
        offer
          ? `Por si te viene bien, con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Si todavía necesitas algo, todo está donde lo dejaste.',
      ],
      button: 'Echar un vistazo',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `¿Has visto esto en ${store}?` : `Una vuelta por ${store}`,
      preheader: product ? `${product} y algunas cosas más.` : 'Quizá haya otra cosa para ti.',
      heading: product ? 'Lo que otros eligen una y otra vez' : 'Quizá otra cosa',
      paragraphs: [
        hola,
        product
          ? `Quizá busques otra cosa. Mucha gente elige ${product}; aquí abajo tienes algo más.`
          : 'Quizá busques otra cosa. Dar una vuelta lleva un minuto.',
        offer
          ? `Con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Y si no hay nada para ti, no tienes que hacer nada.',
      ],
      button: 'Ver qué hay',
    }),
  },
  last_word: {
    reminder: ({ store, offer }) => ({
      subject: 'Ahora guardaremos silencio',
      preheader: `Unas líneas de ${store} y nada más por un tiempo.`,
      heading: 'Ya sabes dónde estamos',
      paragraphs: [
        hola,
        `Hace tiempo que no pasas por ${store}, así que después de estas líneas no te escribiremos durante una temporada.`,
        offer
          ? `Si vuelves, con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Si algún día vuelves, serás bienvenido. La tienda está a un clic.',
      ],
      button: 'Ir a la tienda',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `Antes de callar: lo que gusta en ${store}` : 'Antes de callar',
      preheader: product ? `${product}, y luego nada por un tiempo.` : 'Y luego nada por un tiempo.',
      heading: 'Una mirada antes de callar',
      paragraphs: [
        hola,
        product
          ? `Antes de dejar de escribirte por un tiempo: ${product} ha gustado mucho en ${store}. Aquí abajo, lo que más se elige.`
          : `Antes de dejar de escribirte por un tiempo: quizá haya algo para ti en ${store}.`,
        offer
          ? `Con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Si no, no pasa nada. Vuelve cuando quieras.',
      ],
      button: 'Echar un vistazo',
    }),
  },
  second_order: {
    reminder: ({ store, offer }) => ({
      subject: offer ? `Para tu segundo pedido: ${offer.label}` : '¿Qué tal fue?',
      preheader: `Una pregunta corta de ${store}.`,
      heading: 'Esperamos que todo llegara bien',
      paragraphs: [
        hola,
        `Hace un tiempo hiciste un pedido en ${store} y esperamos que todo fuera como debía. Si algo no fue bien, responde a este correo.`,
        offer
          ? `Para tu segundo pedido, con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Y si te gustó, hay más de donde vino eso.',
      ],
      button: 'Ver la tienda',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `Lo que otros piden después en ${store}` : '¿Y después?',
      preheader: product ? `${product} y lo que más se elige.` : `Una vuelta por ${store}.`,
      heading: 'Por lo que otros vuelven',
      paragraphs: [
        hola,
        product
          ? `Ya nos has probado una vez. Mucha gente que vuelve elige ${product}; aquí abajo tienes algo más.`
          : 'Ya nos has probado una vez. Quizá sea hora de ver qué más hay.',
        offer
          ? `Con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Si algo no fue bien con tu pedido, responde a este correo. Lo leemos.',
      ],
      button: 'Ver qué hay',
    }),
  },
  welcome_back: {
    reminder: ({ store, offer }) => ({
      subject: 'Qué bien verte de nuevo',
      preheader: `Gracias de parte de ${store}.`,
      heading: 'Gracias por volver',
      paragraphs: [
        hola,
        `Hacía mucho tiempo, así que nos alegró ver tu pedido en ${store}. Esperamos que todo llegara bien.`,
        offer
          ? `Para el próximo, con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Si algo no fue bien, responde a este correo. Lo leemos.',
      ],
      button: 'Ver la tienda',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `Lo que quizá te perdiste en ${store}` : 'Lo que quizá te perdiste',
      preheader: product ? `${product}, entre otras cosas.` : `Una vuelta por ${store}.`,
      heading: 'Mientras no estabas',
      paragraphs: [
        hola,
        product
          ? `Gracias por tu pedido. Mientras no estabas, ${product} ha gustado mucho. Aquí abajo tienes algo más.`
          : `Gracias por tu pedido. Algunas cosas han cambiado en ${store} mientras no estabas.`,
        offer
          ? `Con el código ${offer.code} tienes ${offer.label} hasta el ${offer.until}.`
          : 'Mira con calma, cuando te venga bien.',
      ],
      button: 'Ver qué hay',
    }),
  },
};
