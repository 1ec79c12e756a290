/**
 * The settings as a form: what each field is called, what it may be, and what it does, in words. Shared by the page, which
 * says the effect while one types, and by the server, which has the last word. Numbers are written as typed, so that both say
 * the same.
 */
import type { StoreSettings } from '@rekindle/core';

export interface SettingsForm {
  senderName: string;
  postalAddress: string;
  quietFrom: string;
  quietTo: string;
  publicHolidays: boolean;
  ownHolidays: string;
  sendDays: string;
  randomPercent: string;
  capMessages: string;
  capDays: string;
  holdoutPercent: string;
  measureDays: string;
  warmUp: boolean;
  hourlyLimit: string;
  opens: boolean;
  clicks: boolean;
  /** Countries in which nobody is counted, by two letters, commas between */
  uncountedIn: string;
  voice: string;
  offerKind: 'none' | 'percent' | 'amount' | 'free_shipping';
  offerValue: string;
  offerCode: string;
  offerTest: boolean;
  audienceLimit: string;
  dealing: StoreSettings['dealing'];
  weeklyReport: boolean;
  monthlyReport: boolean;
  reportsTo: string;
  /** JSON: what mails are about, in order */
  topics: string;
  winBackTopic: string;
}

export type FieldErrors = Partial<Record<keyof SettingsForm, string>>;

/** Smallest and largest whole number of each field that holds one. */
export const RANGES = {
  quietFrom: [0, 23],
  quietTo: [0, 23],
  sendDays: [1, 30],
  randomPercent: [0, 50],
  capMessages: [1, 50],
  capDays: [1, 90],
  holdoutPercent: [2, 50],
  measureDays: [7, 365],
} as const satisfies Partial<Record<keyof SettingsForm, readonly [number, number]>>;

export function formOf(
  settings: StoreSettings,
  sender: { name: string; postalAddress: string },
  /** Minor units in one unit of the store's currency */
  minor: number,
): SettingsForm {
  const { offer } = settings;
  return {
    senderName: sender.name,
    postalAddress: sender.postalAddress,
    quietFrom: String(settings.quietHours.from),
    quietTo: String(settings.quietHours.to),
    publicHolidays: settings.holidays.publicOnes,
    ownHolidays: settings.holidays.own.join(', '),
    sendDays: String(settings.sendDays),
    randomPercent: percent(settings.randomHourShare),
    capMessages: String(settings.cap.messages),
    capDays: String(settings.cap.days),
    holdoutPercent: percent(settings.holdoutShare),
    measureDays: String(settings.measureDays),
    warmUp: settings.warmUp,
    hourlyLimit: settings.hourlyLimit === null ? '' : String(settings.hourlyLimit),
    opens: settings.tracking.opens,
    clicks: settings.tracking.clicks,
    uncountedIn: settings.tracking.offIn.join(', '),
    voice: settings.voice,
    offerKind: offer?.kind ?? 'none',
    offerValue:
      offer && offer.kind !== 'free_shipping'
        ? String(offer.kind === 'amount' ? offer.value / minor : offer.value)
        : '',
    offerCode: offer?.code ?? '',
    offerTest: settings.offerTest,
    audienceLimit: settings.audienceLimit === null ? '' : String(settings.audienceLimit),
    dealing: settings.dealing,
    weeklyReport: settings.reports.weekly,
    monthlyReport: settings.reports.monthly,
    reportsTo: settings.reports.to.join(', '),
    topics: JSON.stringify(settings.topics),
    winBackTopic: settings.winBackTopic,
  };
}

function percent(share: number): string {
  return String(Math.round(share * 1000) / 10);
}

/** What is wrong, a sentence a field; empty: all of it can be saved. */
export function checkForm(form: SettingsForm): FieldErrors {
  const errors: FieldErrors = {};
  for (const [name, [least, most]] of Object.entries(RANGES) as [keyof typeof RANGES, readonly [number, number]][]) {
    const value = Number(form[name]);
    const whole = name !== 'holdoutPercent' && name !== 'randomPercent';
    const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
    if (form[name].trim() === '' || !fits)
      errors[name] = `A ${whole ? 'whole ' : ''}number from ${String(least)} to ${String(most)}.`;
  }
  if (form.senderName.trim() === '') errors.senderName = 'Every mail needs the name of a sender.';
  if (form.postalAddress.trim() === '')
    errors.postalAddress = 'Every mail must show a postal address: the law asks for it.';
  const limit = Number(form.audienceLimit);
  if (form.audienceLimit.trim() !== '' && !(Number.isInteger(limit) && limit >= 10 && limit <= 10_000_000))
    errors.audienceLimit = 'A whole number from 10 on, or nothing for no limit.';
  const hourly = Number(form.hourlyLimit);
  if (form.hourlyLimit.trim() !== '' && !(Number.isInteger(hourly) && hourly >= 10 && hourly <= 10_000_000))
    errors.hourlyLimit = 'A whole number from 10 on, or nothing for no limit.';
  const days = listOf(form.ownHolidays);
  if (days.length > 200 || !days.every(isDay))
    errors.ownHolidays = 'At most 200 days such as 2027-01-06, with commas between them.';
  if (!countriesOf(form.uncountedIn).every((one) => /^[A-Z]{2}$/.test(one)))
    errors.uncountedIn = 'Countries by their two letters, such as DE, FR, with commas between them.';
  const addresses = listOf(form.reportsTo);
  if (addresses.length > 10 || addresses.some((one) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(one)))
    errors.reportsTo = 'At most ten e-mail addresses, with commas between them.';
  const topics = readTopics(form.topics);
  if (topics.length === 0) errors.topics = 'Mails need at least one topic.';
  else if (topics.some(({ en, es }) => en.trim() === '' || es.trim() === ''))
    errors.topics = 'Every topic needs a name in both languages.';
  if (form.voice.length > 500) errors.voice = 'At most 500 characters.';
  if (form.offerKind === 'none') return errors;
  if (!/^\S{1,40}$/.test(form.offerCode))
    errors.offerCode = 'The code people type at the checkout: 1 to 40 characters, no blanks.';
  const value = Number(form.offerValue);
  const most = form.offerKind === 'percent' ? 100 : 1e9;
  if (form.offerKind !== 'free_shipping' && !(form.offerValue.trim() !== '' && value > 0 && value <= most))
    errors.offerValue = form.offerKind === 'percent' ? 'A number above 0, at most 100.' : 'An amount above 0.';
  return errors;
}

/** The topics as the form holds them; what is none is left out. */
export function readTopics(text: string): StoreSettings['topics'] {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read.filter(isTopic) : [];
  } catch {
    return [];
  }
}

function isTopic(given: unknown): given is StoreSettings['topics'][number] {
  const topic = given as Record<string, unknown> | null;
  return ['key', 'en', 'es'].every((name) => typeof topic?.[name] === 'string');
}

/** A day of the calendar as it is written: 2027-02-30 is none. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function listOf(text: string): string[] {
  return text
    .split(/[,;\s]+/)
    .map((one) => one.trim())
    .filter(Boolean);
}

function countriesOf(text: string): string[] {
  return [...new Set(listOf(text).map((one) => one.toUpperCase()))];
}

/** The settings that a checked form stands for. */
export function settingsOf(form: SettingsForm, minor: number): StoreSettings {
  const value = Number(form.offerValue);
  return {
    quietHours: { from: Number(form.quietFrom), to: Number(form.quietTo) },
    cap: { messages: Number(form.capMessages), days: Number(form.capDays) },
    holdoutShare: Number(form.holdoutPercent) / 100,
    holidays: { publicOnes: form.publicHolidays, own: listOf(form.ownHolidays) },
    sendDays: Number(form.sendDays),
    measureDays: Number(form.measureDays),
    randomHourShare: Number(form.randomPercent) / 100,
    warmUp: form.warmUp,
    hourlyLimit: form.hourlyLimit.trim() === '' ? null : Number(form.hourlyLimit),
    tracking: { opens: form.opens, clicks: form.clicks, offIn: countriesOf(form.uncountedIn) },
    voice: form.voice,
    offerTest: form.offerTest,
    audienceLimit: form.audienceLimit.trim() === '' ? null : Number(form.audienceLimit),
    dealing: form.dealing,
    topics: readTopics(form.topics),
    winBackTopic: form.winBackTopic,
    reports: { weekly: form.weeklyReport, monthly: form.monthlyReport, to: listOf(form.reportsTo) },
    offer:
      form.offerKind === 'none'
        ? null
        : {
            kind: form.offerKind,
            code: form.offerCode,
            value:
              form.offerKind === 'free_shipping' ? 0 : form.offerKind === 'amount' ? Math.round(value * minor) : value,
          },
  };
}

/** What the fields do, said with their own numbers. */
export function effectsOf(form: SettingsForm) {
  const day = (count: string) => `${count} ${count === '1' ? 'day' : 'days'}`;
  const mail = (count: string) => `${count} ${count === '1' ? 'mail' : 'mails'}`;
  const quiet = form.quietFrom === form.quietTo;
  return {
    quiet: quiet
      ? 'Mails may leave at any hour.'
      : `No mail starts between ${form.quietFrom}:00 and ${form.quietTo}:00, by each recipient’s own clock.`,
    sendDays: `Once approved, a campaign’s mails leave over ${day(form.sendDays)}, each at its person’s best hour.`,
    random: `${form.randomPercent} of 100 mails leave at a random hour, so that we can tell whether picking the hour helps.`,
    cap: `Nobody gets more than ${mail(form.capMessages)} in ${day(form.capDays)}, over all campaigns.`,
    holdout: `Of every 100 people who could be mailed, ${form.holdoutPercent} get nothing. What they spend shows what would have come anyway. More of them: surer figures, fewer mails.`,
    measure: `Orders count for ${day(form.measureDays)} after the approval. Longer catches late orders; the final answer comes later.`,
    holidays: form.publicHolidays
      ? 'No mail starts on a public holiday of the country its person lives in; it goes on another day of the campaign.'
      : 'Public holidays are days like any other.',
    warmUp: form.warmUp
      ? 'Mailbox providers distrust a domain they do not know: 300 mails on the first day, then a fifth more from day to day, to the people who answer best first. The rest wait for the next day.'
      : 'This domain has sent newsletters before: mails go as fast as the mail provider takes them.',
    hourlyLimit:
      form.hourlyLimit.trim() === ''
        ? 'As many mails an hour as the mail provider takes.'
        : `At most ${form.hourlyLimit} mails an hour leave; the others wait their turn.`,
    opens: form.opens
      ? 'A tiny picture in each mail tells when it is opened. Some mail programs open everything.'
      : 'Opens are not counted. What a campaign brought is measured all the same, from orders.',
    clicks: form.clicks
      ? 'Links pass through us, so that clicks are counted.'
      : 'Links lead straight to the shop and clicks are not counted.',
    limit:
      form.audienceLimit.trim() === ''
        ? 'A campaign goes to everybody who may be mailed.'
        : `A campaign goes to at most ${form.audienceLimit} people, those held back included: whom a mail moves most first, then who is worth most.`,
    dealing: {
      even: 'Each version of a mail goes to as many people as the others, to the end.',
      winner:
        'Mails are dealt day by day. Once a version has won (surely more orders, and no more people lost), the rest get that one.',
      thompson:
        'Mails are dealt day by day: the likelier a version is the best by clicks, the more people get it. Good for many versions and small differences.',
    }[form.dealing],
    offerTest: form.offerTest
      ? 'Half of the mails go without the offer, dealt at random, until it is known who needs a discount. From then on it goes to those alone; for one person in five lots are drawn all the same, so that it stays known.'
      : 'Everybody who is mailed gets the offer; once past mails have shown who needs it, only they do.',
    topics:
      'Whoever gets a mail can choose among these on the page behind its link “Choose what you get”, ask for fewer mails, a pause or another language. Campaigns planned from now on follow it; nobody gets a mail on a topic they switched off.',
    reports:
      form.reportsTo.trim() === ''
        ? 'Reports stand on the page Reports. Add an address to get them by mail.'
        : `Reports stand on the page Reports and go to ${form.reportsTo.trim()}.`,
    offer:
      form.offerKind === 'none'
        ? 'Mails remind and recommend. They promise no discount.'
        : 'Win-back mails offer this and nothing else. The code must work in your shop.',
  };
}
