/**
 * What the simulated store is made from. Buying, dropping out and spending follow published fits to the CDNOW log; the rest
 * (names, countries, consent, reading habits, the effect of a mail) is invented here and says so.
 */

/**
 * Pareto/NBD, weeks: a person buys as a Poisson process with rate λ ~ Gamma(r, α) until she drops out after an exponential
 * time with rate μ ~ Gamma(s, β). Fader, Hardie and Lee (2005), table 2, CDNOW.
 */
export const BUYING = { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 };

/** Gamma-gamma spend, dollars an order: z ~ Gamma(p, ν), ν ~ Gamma(q, γ). Fader and Hardie (2013), CDNOW. */
export const SPENDING = { p: 6.25, q: 3.74, gamma: 15.44 };

/**
 * What a win-back mail does. Person i places one more order within `delayDays` (exponential mean) with probability
 * Beta(a, b) · exp(−days since her last order / fadesDays): most people are hardly moved, a few much, and the longer gone the
 * less. Invented; a retention e-mail field study saw +7 % at five months (Wang, Lu and Shi 2022), a reactivation study +38 %
 * revenue (Holtrop and Wieringa 2023).
 */
export const EFFECT = { a: 0.6, b: 2.2, fadesDays: 500, delayDays: 9 };

/** Reading: how likely a person opens a mail at all, and clicks once open. Invented. */
export const READING = {
  open: { a: 2, b: 3.5 },
  click: { a: 1, b: 7 },
  /** Share whose mail app fetches pictures by itself on delivery (as Apple Mail Privacy Protection does) */
  prefetch: 0.3,
  /** Share of addresses that are gone */
  hardBounce: 0.008,
  unsubscribeOnceOpen: 0.004,
  complainOnceOpen: 0.0004,
};

/** Consent at the first order. Invented. */
export const CONSENTS = [
  { weight: 55, state: 'subscribed', basis: 'express' },
  { weight: 30, state: 'not_asked', basis: 'soft_opt_in' },
  { weight: 9, state: 'unsubscribed', basis: 'none' },
  { weight: 6, state: 'pending', basis: 'none' },
] as const;

export const COUNTRIES = [
  {
    weight: 38,
    country: 'ES',
    language: 'es',
    zones: ['Europe/Madrid', 'Europe/Madrid', 'Europe/Madrid', 'Atlantic/Canary'],
  },
  { weight: 14, country: 'DE', language: 'de', zones: ['Europe/Berlin'] },
  { weight: 10, country: 'FR', language: 'fr', zones: ['Europe/Paris'] },
  { weight: 9, country: 'GB', language: 'en', zones: ['Europe/London'] },
  { weight: 7, country: 'IT', language: 'it', zones: ['Europe/Rome'] },
  { weight: 8, country: 'US', language: 'en', zones: ['America/New_York', 'America/Chicago', 'America/Los_Angeles'] },
  { weight: 4, country: 'CA', language: 'en', zones: ['America/Toronto', 'America/Vancouver'] },
  { weight: 5, country: 'MX', language: 'es', zones: ['America/Mexico_City'] },
  { weight: 3, country: 'BR', language: 'pt', zones: ['America/Sao_Paulo'] },
  { weight: 2, country: 'AU', language: 'en', zones: ['Australia/Sydney'] },
] as const;

export const NAMES: Record<string, { first: readonly string[]; last: readonly string[] }> = {
  es: {
    first: [
      'Lucía',
      'Hugo',
      'Martina',
      'Mateo',
      'Sofía',
      'Martín',
      'Carmen',
      'Pablo',
      'Elena',
      'Javier',
      'Nerea',
      'Álvaro',
      'Paula',
      'Iker',
    ],
    last: [
      'García',
      'Fernández',
      'López',
      'Sánchez',
      'Romero',
      'Navarro',
      'Ruiz',
      'Iglesias',
      'Vidal',
      'Ortega',
      'Molina',
      'Serrano',
    ],
  },
  de: {
    first: ['Anna', 'Lukas', 'Lena', 'Jonas', 'Katrin', 'Felix', 'Sabine', 'Jürgen', 'Miriam', 'Tobias'],
    last: ['Müller', 'Schmidt', 'Fischer', 'Weber', 'Becker', 'Hoffmann', 'Vogel', 'Krüger', 'Braun'],
  },
  fr: {
    first: ['Camille', 'Louis', 'Chloé', 'Jules', 'Inès', 'Hélène', 'Antoine', 'Zoé', 'Benoît'],
    last: ['Martin', 'Bernard', 'Petit', 'Durand', 'Moreau', 'Lefèvre', 'Girard', 'Mercier'],
  },
  it: {
    first: ['Giulia', 'Leonardo', 'Chiara', 'Matteo', 'Francesca', 'Davide', 'Elisa'],
    last: ['Rossi', 'Bianchi', 'Ricci', 'Marino', 'Greco', 'Conti', 'De Luca'],
  },
  pt: {
    first: ['Ana', 'João', 'Beatriz', 'Rafael', 'Larissa', 'Thiago', 'Camila'],
    last: ['Silva', 'Souza', 'Oliveira', 'Pereira', 'Almeida', 'Araújo'],
  },
  en: {
    first: [
      'Olivia',
      'Noah',
      'Amelia',
      'Jack',
      'Grace',
      'Liam',
      'Chloe',
      'Ethan',
      'Priya',
      'Daniel',
      'Aisha',
      "D'Arcy",
    ],
    last: ['Smith', 'Jones', 'Taylor', 'Brown', 'Patel', 'Walker', 'Wright', "O'Connor", 'Hughes', 'Nguyen'],
  },
};

/** A shop for coffee and what goes with it; prices in minor units. */
export const CATALOGUE = [
  { weight: 14, id: 'COF-HOUSE-250', name: 'House blend, 250 g', price: 890 },
  { weight: 9, id: 'COF-HOUSE-1000', name: 'House blend, 1 kg', price: 2990 },
  { weight: 10, id: 'COF-ETH-250', name: 'Ethiopia Guji, 250 g', price: 1290 },
  { weight: 8, id: 'COF-COL-250', name: 'Colombia Huila, 250 g', price: 1150 },
  { weight: 6, id: 'COF-DECAF-250', name: 'Mountain water decaf, 250 g', price: 1090 },
  { weight: 5, id: 'COF-BOX-3', name: 'Tasting box, three origins', price: 2450 },
  { weight: 7, id: 'FIL-V60-100', name: 'Paper filters, 100', price: 620 },
  { weight: 4, id: 'BRW-V60', name: 'Ceramic dripper', price: 2290 },
  { weight: 3, id: 'BRW-PRESS', name: 'French press, 0.8 l', price: 3490 },
  { weight: 2, id: 'GRD-HAND', name: 'Hand grinder', price: 5900 },
  { weight: 5, id: 'CUP-STONE', name: 'Stoneware cup', price: 1450 },
  { weight: 4, id: 'TEA-SENCHA', name: 'Sencha, 100 g', price: 1190 },
  { weight: 4, id: 'TEA-ROOIBOS', name: 'Rooibos, 100 g', price: 850 },
  { weight: 6, id: 'CHO-DARK', name: 'Dark chocolate, 70 %', price: 450 },
] as const;
