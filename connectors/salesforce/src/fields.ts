/**
 * What goes back, as fields of Salesforce: those of the package (salesforce-package/force-app/main/default/objects) and a few
 * standard ones. Texts are cut to their field's length, because one that is too long loses the whole record.
 */
import type { ConsentPayload, OutcomePayload, ScorePayload, TouchPayload } from '@rekindle/core';
import { majorUnits } from './map.ts';

export type Fields = Record<string, string | number | boolean | null>;
type Amount = { amount: number; currency: string } | null;

/** `currency` of the record, where the organisation has several: an amount in another one would be read as this. */
export function scoreFields(score: ScorePayload, now: Date, currency: string | undefined): Fields {
  const money = (amount: Amount): number | null =>
    amount === null || (currency !== undefined && currency !== amount.currency) ? null : majorUnits(amount);
  return {
    Rekindle_Chance_To_Return__c:
      score.chanceToReturn === null ? null : Math.round(score.chanceToReturn * 10_000) / 100,
    Rekindle_Life_Stage__c: cut(score.lifeStageWords, 80),
    Rekindle_Expected_Value__c: money(score.expectedValue365),
    Rekindle_Value_At_Risk__c: money(score.valueAtRisk),
    Rekindle_Next_Order__c: score.nextOrderOn,
    Rekindle_Reasons__c: cut(score.reasons.join('\n'), 2000),
    Rekindle_Next_Action__c: cut(score.nextAction.words, 255),
    Rekindle_Scored_At__c: now.toISOString(),
  };
}

export function consentFields(consent: ConsentPayload): Fields {
  return { HasOptedOutOfEmail: consent.state === 'unsubscribed' };
}

/** `currencies`: whether the organisation has several; a campaign's then is the store's. */
export function campaignFields(id: string, outcome: OutcomePayload, currencies: boolean): Fields {
  const { incrementalRevenue: revenue } = outcome;
  const money = (amount: number): number => majorUnits({ amount, currency: revenue.currency });
  return {
    Rekindle_Campaign_Id__c: id,
    ...(currencies ? { CurrencyIsoCode: revenue.currency } : {}),
    Name: cut(outcome.name, 80),
    IsActive: ['running', 'paused', 'measuring'].includes(outcome.state),
    ...(outcome.startedOn === null ? {} : { StartDate: outcome.startedOn }),
    NumberSent: outcome.sends.accepted,
    Rekindle_Incremental_Revenue__c: money(revenue.amount),
    Rekindle_Incremental_Low__c: money(revenue.low),
    Rekindle_Incremental_High__c: money(revenue.high),
    Rekindle_Verdict__c: cut(outcome.verdictWords, 255),
    Rekindle_Held_Back__c: outcome.heldBack,
  };
}

/** A campaign that people were written to before anything can be said of it. */
export function bareCampaign(id: string, name: string): Fields {
  return { Rekindle_Campaign_Id__c: id, Name: cut(name, 80), IsActive: true };
}

export function memberFields(touch: TouchPayload): Fields {
  return {
    Rekindle_Message_Id__c: touch.messageId,
    Rekindle_Outcome__c: cut(touch.words, 255),
    Rekindle_Outcome_At__c: touch.at,
    ...(typeof touch.link === 'string' && { Rekindle_Link__c: touch.link }),
  };
}

/** At most so many characters, and no half of one. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.charCodeAt(most - 2);
  return `${text.slice(0, end >= 0xd800 && end <= 0xdbff ? most - 2 : most - 1)}…`;
}
