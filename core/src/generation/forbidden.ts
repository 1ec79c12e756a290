/**
 * What a mail's words may never hold, as patterns with a name each. They are for text that a machine wrote or that came with
 * a product: refusing too much costs a phrase, refusing too little may cost a customer's trust. Pure.
 *
 * Text is compared after NFKC, in lower case, with everything removed that the brief allows.
 */

export interface Pattern {
  name: string;
  pattern: RegExp;
}

const word = (...alternatives: string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'u');

/** Never, offer or not. */
export const ALWAYS: Pattern[] = [
  { name: 'hidden characters', pattern: /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u },
  {
    name: 'address',
    pattern:
      /https?:|www\.|:\/\/|mailto:|\b[a-z0-9-]{2,}\.(?:com|net|org|shop|store|io|co|es|uk|de|fr|info|biz|eu|app|link|xyz|online|site|example)\b/u,
  },
  { name: 'e-mail address', pattern: /@/u },
  { name: 'markup', pattern: /[<>]|&[a-z#0-9]+;|\]\(|\*\*|`/u },
  { name: 'placeholder', pattern: /[{}]|\[[^\]]*\]|%%|\$\{|\bfirst_?name\b|\binsert\b.*\bname\b/u },
  { name: 'number', pattern: /\p{N}/u },
  { name: 'money', pattern: /[%‰€$£¥₹]|\p{Sc}/u },
  {
    name: 'number in words',
    pattern: word(
      'per ?cent',
      'por ciento',
      'half[ -]price',
      'half off',
      'mitad de precio',
      '(?:ten|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -]\\p{L}+)? (?:off|euros?|dollars?|pounds?)',
      '(?:cinco|diez|quince|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa) euros',
      'buy one',
      'two for one',
      'dos por uno',
    ),
  },
  {
    name: 'gift',
    pattern: word(
      'free gifts?',
      'a gift',
      'gift for you',
      'for free',
      'on the house',
      'giveaway',
      'un regalo',
      'regalo para ti',
      'te regalamos',
      'sorteo',
    ),
  },
  {
    name: 'urgency',
    pattern: word(
      'hurry',
      'last chance',
      'final (?:hours?|days?|call|chance)',
      'ends? (?:soon|today|tonight|tomorrow)',
      'expir(?:e|es|ing|ed)',
      'today only',
      'only today',
      'limited[ -]time',
      'limited offer',
      'act (?:now|fast)',
      'now or never',
      "don['’]?t miss(?: out)?",
      'while (?:stocks?|supplies) last',
      'running out',
      'almost gone',
      'selling fast',
      'tonight',
      'tomorrow',
      'urgent',
      'última oportunidad',
      'date prisa',
      'deprisa',
      'corre',
      's[oó]lo hoy',
      'hoy mismo',
      'mañana',
      'esta noche',
      'tiempo limitado',
      'oferta limitada',
      'caduca',
      'termina(?:n)? (?:hoy|pronto)',
      'se acaba(?:n)?',
      'últim[oa]s (?:unidades|horas|días)',
      'no te l[oa]s? pierdas',
      'ahora o nunca',
      'hasta agotar',
      'urgente',
    ),
  },
  {
    name: 'day',
    pattern: word(
      '(?:mon|tues|wednes|thurs|fri|satur|sun)days?',
      'january|february|april|june|july|august|september|october|november|december',
      'lunes|martes|miércoles|jueves|viernes|sábado|domingo',
      'enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre',
    ),
  },
  {
    name: 'instruction',
    pattern: word(
      '(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|above|earlier|instructions?|rules)',
      'system prompt',
      "(?:as|i am|i’m|i'm) an? (?:ai|assistant|language model)",
      'ignora (?:todas? )?(?:las? |tus )*(?:instrucciones|reglas)',
      'instrucciones anteriores',
      'write (?:the )?(?:subject|mail|email|following)',
    ),
  },
];

/** Words of an offer: allowed where the brief has one, and only then. */
export const OFFER: Pattern = {
  name: 'offer',
  pattern: word(
    'offers?',
    'discount(?:s|ed)?',
    'deals?',
    'coupons?',
    'vouchers?',
    'promo(?:tion)?s?',
    'codes?',
    'sale',
    'savings?',
    'save',
    'bargains?',
    'cheaper',
    'reduced',
    'ofertas?',
    'descuentos?',
    'rebajas?',
    'cupón|cupones',
    'vales? (?:de )?(?:compra|descuento)',
    'promoción|promociones',
    'códigos?',
    'ahorr[aoe]s?|ahorrar',
    'ganga',
    'más barat[oa]s?',
  ),
};

/** Only where the brief's offer is free shipping. */
export const FREE: Pattern = {
  name: 'something free',
  pattern: word('free(?!ly| to|dom)', 'gratis', 'gratuit[oa]s?', 'no shipping', 'sin gastos', 'on us'),
};

/** What a product's name may not hold beside: numbers may stand in it ("set of 3 tins"), prices may not. */
export const PRICE: Pattern = {
  name: 'price',
  pattern: word('\\p{N}+ ?(?:for|por) ?\\p{N}+', '\\p{N}+ ?(?:off|percent|euros?|eur|usd|gbp|dollars?|pounds?)'),
};

/** Names of the patterns that match; `text` as the header says. */
export function matches(text: string, patterns: Pattern[]): string[] {
  return patterns.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
}

/** Text made comparable. */
export function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
