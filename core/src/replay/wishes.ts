/** What the person had asked for at an instant of the past, and whether it spoke against a mail of the campaign. Pure. */
import { askedFor, NO_PREFERENCE, wishSentences, type AskedReason, type Preference } from '../preferences/index.ts';
import type { Dossier, OtherMessage } from './dossier.ts';
import { dayOf } from './score-steps.ts';

/** The wishes that held at `at`. */
export function preferenceAt({ preferences }: Pick<Dossier, 'preferences'>, at: Date): Preference {
  return preferences.findLast((one) => one.at <= at) ?? NO_PREFERENCE;
}

/** Why the person had asked not to get this campaign's mail at `at`; null: had not. */
export function askedAt(dossier: Dossier, at: Date, lastMailAt: Date | null): AskedReason | null {
  return askedFor(preferenceAt(dossier, at), { topic: dossier.campaign.plan.topic, now: at, lastMailAt });
}

/** "Asked for by 2 Mar 2026: paused until 3 April." Empty where nothing was asked for. */
export function askedWords(dossier: Dossier, at: Date): string[] {
  const { store } = dossier;
  const reader = { language: 'en', timeZone: store.timeZone } as const;
  const sentences = wishSentences(preferenceAt(dossier, at), store.settings.topics, reader, at);
  if (sentences.length === 0) return [];
  const topic = store.settings.topics.find(({ key }) => key === dossier.campaign.plan.topic)?.en;
  const about = topic === undefined ? '' : ` This mail is about: ${topic}.`;
  return [`On the preference page, as of ${dayOf(at, store.timeZone)}: ${sentences.join(' ')}${about}`];
}

/** When planning saw the newest mail to the person; `gone`: mails that were given up since count too. */
export function lastPlanned({ others, customerId }: Dossier, at: Date, gone: boolean): Date | null {
  const seen = others.filter(
    (one) =>
      one.customerId === customerId &&
      one.createdAt <= at &&
      (gone || (one.state !== 'refused' && one.state !== 'dropped')),
  );
  return newest(
    seen.map(
      (one) => (one.acceptedAt && one.acceptedAt <= at ? one.acceptedAt : null) ?? one.scheduledAt ?? one.createdAt,
    ),
  );
}

/** The newest of the mails that were out or under way at `at`. */
export function lastSent(underWay: OtherMessage[], at: Date): Date | null {
  return newest(underWay.map(({ acceptedAt }) => (acceptedAt && acceptedAt <= at ? acceptedAt : at)));
}

function newest(instants: Date[]): Date | null {
  return instants.reduce<Date | null>((last, one) => (last === null || one > last ? one : last), null);
}
