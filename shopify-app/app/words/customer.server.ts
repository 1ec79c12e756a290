/** One person in words: rhythm, reasons, mails, and what she allowed. */
import { lifeStageName, reasonSentence, type CustomerPage, type LifeStage } from '@rekindle/core';
import { daysBetween, formatFor, LANGUAGE, type Format } from './format.server.ts';
import { rhythmView, type RhythmView } from './rhythm.server.ts';
import { permissionView, type PermissionView } from './permission.server.ts';
import { nextMailView, type NextMailView } from './next-mail.server.ts';
import { leftOutWords } from './left-out.server.ts';

export interface MailView {
  id: string;
  campaign: string;
  url: string;
  subject: string;
  when: string;
  /** What became of it, in the order it happened */
  steps: string[];
}

export interface CustomerView {
  name: string;
  answer: string;
  stage: { key: LifeStage; label: string } | null;
  facts: { label: string; value: string; hint?: string }[];
  rhythm: RhythmView | null;
  reasons: string[];
  next: NextMailView;
  mails: MailView[];
  /** What the person wrote back, newest first */
  replies: { id: string; when: string; subject: string; text: string; stopped: boolean; answer: string | null }[];
  draws: { id: string; campaign: string; url: string; text: string }[];
  permission: PermissionView;
}

export function customerView(page: CustomerPage): CustomerView {
  const format = formatFor(page.store);
  const { customer, score } = page;
  return {
    name: customer.name,
    answer: answerOf(format, page),
    stage: score ? { key: score.lifeStage, label: lifeStageName(score.lifeStage, LANGUAGE) } : null,
    facts: factsOf(format, page),
    rhythm: rhythmView(format, page),
    reasons: (score?.reasons ?? []).slice(0, 4).map((one) => reasonSentence(one, LANGUAGE, page.store.currency)),
    next: nextMailView(format, page),
    mails: page.messages.map((message) => mailView(format, message)),
    replies: page.replies.map((reply) => ({
      id: reply.id,
      when: format.time(reply.at),
      subject: reply.subject,
      text: reply.text === '' ? 'Sent no words, or nothing but our own mail.' : reply.text,
      stopped: reply.kind === 'unsubscribe',
      answer:
        reply.kind === 'person' && customer.email !== null
          ? `mailto:${encodeURIComponent(customer.email)}?subject=${encodeURIComponent(answerSubject(reply.subject))}`
          : null,
    })),
    draws: page.draws.map((draw) => ({
      id: draw.campaignId,
      campaign: draw.campaignName,
      url: `/campaigns/${draw.campaignId}`,
      text:
        draw.arm === 'holdout'
          ? 'Held back to measure: gets no mail of this campaign, so that we learn what people do without it.'
          : `Left out: ${leftOutWords(draw.reason ?? '').toLowerCase()}.`,
    })),
    permission: permissionView(format, page),
  };
}

function answerSubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}

function answerOf(format: Format, { customer, score, store }: CustomerPage): string {
  if (!customer.lastOrderAt) return 'Has not ordered yet.';
  const silence = format.days(daysBetween(customer.lastOrderAt, store.now));
  if (!score || score.usualIntervalDays === null)
    return `Last ordered ${silence} ago. Not enough orders yet to know a rhythm.`;
  const late = daysBetween(customer.lastOrderAt, store.now) > score.usualIntervalDays;
  const chance =
    score.returnChance90 === null
      ? ''
      : ` ${format.share(score.returnChance90)} likely to come back in 90 days without a mail.`;
  return `Usually buys every ${format.days(score.usualIntervalDays)}; ${late ? `${silence} now` : `last ${silence} ago`}.${chance}`;
}

function factsOf(format: Format, { customer, score }: CustomerPage): CustomerView['facts'] {
  const facts: CustomerView['facts'] = [
    { label: 'Orders', value: format.count(customer.orders ?? 0) },
    { label: 'Spent in all', value: format.money(customer.revenue ?? 0) },
  ];
  if (typeof score?.valueAtRisk === 'number')
    facts.push({
      label: 'At risk a year',
      value: format.moneyWhole(score.valueAtRisk),
      hint: 'What this person is worth in a normal year, times the chance of having gone',
    });
  if (typeof score?.expectedValue365 === 'number')
    facts.push({
      label: 'Expected next 12 months',
      value: format.moneyWhole(score.expectedValue365),
      hint: 'Without any mail',
    });
  if (customer.firstOrderAt) facts.push({ label: 'Customer since', value: format.fullDay(customer.firstOrderAt) });
  if (customer.country) facts.push({ label: 'Country', value: regionName(customer.country) });
  return facts;
}

function regionName(country: string): string {
  try {
    return new Intl.DisplayNames(LANGUAGE, { type: 'region' }).of(country) ?? country;
  } catch {
    return country;
  }
}

function mailView(format: Format, message: CustomerPage['messages'][number]): MailView {
  const steps: string[] = [];
  const step = (at: Date | null, words: string) => {
    if (at) steps.push(`${words} ${format.time(at)}`);
  };
  step(message.acceptedAt, 'Sent');
  step(message.openedAt, 'Opened');
  step(message.clickedAt, 'Clicked');
  step(message.bouncedAt, 'Came back');
  step(message.complainedAt, 'Reported as spam');
  step(message.unsubscribedAt, 'Unsubscribed');
  if (message.orderedAt)
    steps.push(
      `Ordered ${format.time(message.orderedAt)}${message.revenue ? `, ${format.money(message.revenue)}` : ''}`,
    );
  if (message.state === 'scheduled' && message.scheduledAt)
    steps.push(`Planned for ${format.time(message.scheduledAt)}`);
  if (message.state === 'dropped' || message.state === 'refused')
    steps.push(`Not sent: ${leftOutWords(message.stateReason ?? '').toLowerCase()}`);
  if (message.state === 'in_doubt') steps.push('Nobody can tell whether it arrived; it is not sent twice');
  const when = message.acceptedAt ?? message.scheduledAt;
  return {
    id: message.id,
    campaign: message.campaignName,
    url: `/campaigns/${message.campaignId}`,
    subject: plainSubject(message.subject),
    when: when ? format.day(when) : '',
    steps,
  };
}

/** A subject as people read it: the gaps for a name show what stands there without one. */
export function plainSubject(subject: string): string {
  return subject.replace(/\{\{[^}]*?default:\s*["']([^"']*)["'][^}]*\}\}/g, '$1').replace(/\{\{[^}]*\}\}/g, '…');
}
