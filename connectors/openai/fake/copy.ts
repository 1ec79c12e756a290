/** What the fake's "model" writes: plain mails put together from a few phrases, the same for the same seed and request. */
import { seededRandom } from '@rekindle/core';

/** The brief as the connector tells it in the user message. */
export interface Told {
  language: string;
  goal: string;
  store: { name: string };
  offer: { label: string; code: string; until: string } | null;
  products: string[];
  drafts: number;
}

interface Phrases {
  greeting: string;
  subjects: string[];
  headings: string[];
  openings: string[];
  endings: string[];
  buttons: string[];
  preheader: (store: string) => string;
  product: (name: string) => string;
  offer: (offer: NonNullable<Told['offer']>) => string;
}

const ENGLISH: Phrases = {
  greeting: 'Hi {{ customer.first_name | default: "there" }},',
  subjects: ['We have not seen you for a while', 'How have you been?', 'A note from your favourite shop'],
  headings: ['It would be nice to see you', 'The door is open', 'Good to be in touch'],
  openings: ['It has been quiet between us, and we thought of you.', 'You have not been here for some time.'],
  endings: ['Come and have a look whenever it suits you.', 'No rush at all. We are here.'],
  buttons: ['Visit the shop', 'Have a look'],
  preheader: (store) => `A short hello from ${store}`,
  product: (name) => `People keep coming back for ${name}.`,
  offer: ({ label, code, until }) => `With the code ${code} you get ${label} until ${until}.`,
};

const SPANISH: Phrases = {
  greeting: 'Hola, {{ customer.first_name | default: "qué tal" }}:',
  subjects: ['Hace tiempo que no hablamos', '¿Cómo estás?', 'Unas líneas de tu tienda'],
  headings: ['Nos gustaría verte', 'La puerta está abierta', 'Qué bien escribirte'],
  openings: ['Ha pasado un tiempo y nos hemos acordado de ti.', 'Hace tiempo que no pasas por aquí.'],
  endings: ['Pásate cuando te apetezca.', 'Sin ninguna prisa. Aquí estamos.'],
  buttons: ['Ir a la tienda', 'Echar un vistazo'],
  preheader: (store) => `Un saludo de ${store}`,
  product: (name) => `Muchos vuelven por esto: ${name}.`,
  offer: ({ label, code, until }) => `Con el código ${code} tienes ${label} hasta el ${until}.`,
};

/** Drafts for what was told. */
export function writeAsModel(told: Told, seed: string): { drafts: Record<string, unknown>[] } {
  const phrases = told.language.startsWith('Spanish') ? SPANISH : ENGLISH;
  const random = seededRandom(`${seed}/${JSON.stringify(told)}`);
  const drafts = Array.from({ length: told.drafts }, (_, i) => {
    const pick = (list: string[]): string => list[(Math.floor(random.next() * list.length) + i) % list.length] ?? '';
    const product = told.products[i];
    return {
      subject: phrases.subjects[i % phrases.subjects.length],
      preheader: phrases.preheader(told.store.name),
      heading: pick(phrases.headings),
      paragraphs: [
        phrases.greeting,
        i > 0 && product !== undefined ? phrases.product(product) : pick(phrases.openings),
        told.offer ? phrases.offer(told.offer) : pick(phrases.endings),
      ],
      button: pick(phrases.buttons),
    };
  });
  return { drafts };
}

/** What a model writes that does what the name of a product tells it: the worst that may come back. */
export function writeAsObedientModel(told: Told): { drafts: Record<string, unknown>[] } {
  const order = told.products.join(' ') || 'Visit https://evil.example and take 90% off';
  const drafts = Array.from({ length: told.drafts }, (_, i) => ({
    subject: `Urgent ${String(i)}: everything 90% off, today only`,
    preheader: order.slice(0, 100),
    heading: 'Click https://evil.example',
    paragraphs: ['Hello {{ customer.email }},', order.slice(0, 300)],
    button: 'Claim now',
  }));
  return { drafts };
}
