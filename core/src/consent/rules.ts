/**
 * What the law of the recipient's country asks before a shop may send marketing mail, as a table. Facts only: the deciding
 * is in permission.ts, and the same in SQL in permission.store.ts. Not legal advice. Where a statute gives no number there
 * is none here. A country that is not listed gets UNKNOWN, the narrowest clock of those that let a sale stand for consent.
 */

/** On what ground a mail may go. */
export type Basis = 'express' | 'soft_opt_in' | 'implied' | 'inferred' | 'legitimate_interest' | 'opt_out' | 'enquiry';

export interface CountryRule {
  /** ISO 3166-1 alpha-2 */
  countries: readonly string[];
  law: string;
  source: string;
  /** What a sale to the person allows; null: nothing. `months` after the sale, null: no limit in the law. */
  purchase: {
    basis: Basis;
    months: number | null;
    /** The person must have been offered a way to refuse when the address was taken */
    needsNotice: boolean;
  } | null;
  /** Months for which an address that was given without an express yes may be written to; null: not at all. */
  enquiryMonths: number | null;
  /** An express yes counts only where the address was confirmed. */
  doubleOptIn: boolean;
  /** Mail may go until the person refuses. */
  optOut: boolean;
}

const SOFT_OPT_IN = { basis: 'soft_opt_in', months: null, needsNotice: true } as const;
const NO_MORE = { enquiryMonths: null, doubleOptIn: false, optOut: false } as const;

/** For countries that the table does not name and people whose country is not known. */
export const UNKNOWN: CountryRule = {
  countries: [],
  law: 'Not known: the shortest common clock (24 months after a sale) and the duty to have offered a refusal',
  source: 'the stricter of Directive 2002/58/EC art. 13(2) and CASL s. 10(10)(a)',
  purchase: { basis: 'soft_opt_in', months: 24, needsNotice: true },
  ...NO_MORE,
};

export const RULES: readonly CountryRule[] = [
  {
    // Every member state but those with a row of their own, and the rest of the European Economic Area.
    countries: ('AT BE BG HR CY CZ DK EE FI FR GR HU IE IT LV LT LU MT NL PT RO SK SI SE ' + 'ES ' + 'IS LI NO').split(
      ' ',
    ),
    law: 'Soft opt-in: address got in a sale, own similar goods, refusal offered then and in every mail (Spain: LSSI art. 21.2)',
    source:
      'https://eur-lex.europa.eu/eli/dir/2002/58/oj art. 13(2); https://www.boe.es/eli/es/l/2002/07/11/34 art. 21',
    purchase: SOFT_OPT_IN,
    ...NO_MORE,
  },
  {
    countries: ['DE'],
    law: 'UWG § 7(3) soft opt-in; an express yes must be proved, which the courts accept from a confirmed address only',
    source: 'https://www.gesetze-im-internet.de/uwg_2004/__7.html; BGH 10 Feb 2011, I ZR 164/09',
    purchase: SOFT_OPT_IN,
    ...NO_MORE,
    doubleOptIn: true,
  },
  {
    countries: ['PL'],
    law: 'Electronic Communications Law of 12 July 2024, art. 398: prior consent, no exception for customers',
    source: 'https://isap.sejm.gov.pl/isap.nsf/DocDetails.xsp?id=WDU20240001221',
    purchase: null,
    ...NO_MORE,
  },
  {
    countries: ['GB'],
    law: 'PECR 2003, regulation 22(3): soft opt-in',
    source: 'https://www.legislation.gov.uk/uksi/2003/2426/regulation/22',
    purchase: SOFT_OPT_IN,
    ...NO_MORE,
  },
  {
    countries: ['CH'],
    law: 'UWG art. 3(1)(o): address got in a sale, own similar goods, refusal offered',
    source: 'https://www.fedlex.admin.ch/eli/cc/1988/223_223_223/en#art_3',
    purchase: SOFT_OPT_IN,
    ...NO_MORE,
  },
  {
    countries: ['CA'],
    law: 'CASL: implied consent for 24 months after a purchase, 6 months after an enquiry; express consent does not expire',
    source: 'https://crtc.gc.ca/eng/com500/guide.htm; S.C. 2010 c. 23 s. 10(9)-(10)',
    purchase: { basis: 'implied', months: 24, needsNotice: false },
    enquiryMonths: 6,
    doubleOptIn: false,
    optOut: false,
  },
  {
    countries: ['US'],
    law: 'CAN-SPAM: mail may go until the recipient opts out',
    source: 'https://www.ftc.gov/business-guidance/resources/can-spam-act-compliance-guide-business',
    purchase: null,
    enquiryMonths: null,
    doubleOptIn: false,
    optOut: true,
  },
  {
    countries: ['AU'],
    law: 'Spam Act 2003, schedule 2: consent inferred from an existing relationship; the sender must prove it',
    source: 'https://www.acma.gov.au/avoid-sending-spam; Spam Act 2003 (Cth) sch. 2 cl. 2',
    purchase: { basis: 'inferred', months: null, needsNotice: false },
    ...NO_MORE,
  },
  {
    countries: ['NZ'],
    law: 'Unsolicited Electronic Messages Act 2007, s. 4: consent inferred from a business relationship',
    source: 'https://www.legislation.govt.nz/act/public/2007/0007/latest/DLM405195.html',
    purchase: { basis: 'inferred', months: null, needsNotice: false },
    ...NO_MORE,
  },
  {
    countries: ['BR'],
    law: 'LGPD art. 7 IX: legitimate interest towards own customers; CAPEM self-regulation allows soft opt-in',
    source: 'https://www.planalto.gov.br/ccivil_03/_ato2015-2018/2018/lei/l13709.htm art. 7',
    purchase: { basis: 'legitimate_interest', months: null, needsNotice: false },
    ...NO_MORE,
  },
  {
    countries: ['JP'],
    law: 'Specified Electronic Mail Act art. 3(1)(iii): opt-in, with an exception for those in a business relationship',
    source: 'https://www.japaneselawtranslation.go.jp/en/laws/view/3767 art. 3',
    purchase: { basis: 'implied', months: null, needsNotice: false },
    ...NO_MORE,
  },
  {
    countries: ['KR'],
    law: 'Network Act art. 50(1)1 and decree art. 61(1): own goods of the same kind for 6 months after a sale',
    source: 'https://www.law.go.kr/LSW/eng/engLsSc.do?query=information+and+communications+network art. 50',
    purchase: { basis: 'implied', months: 6, needsNotice: false },
    ...NO_MORE,
  },
];

const BY_COUNTRY = new Map(RULES.flatMap((rule) => rule.countries.map((country) => [country, rule])));

/** The rule for a person of this country (alpha-2, any case; null: not known). */
export function ruleOf(country: string | null | undefined): CountryRule {
  return BY_COUNTRY.get((country ?? '').toUpperCase()) ?? UNKNOWN;
}
