/**
 * What Rekindle last wrote to the record itself: shown while it is asked for more, and when it does not answer. Fields that the
 * user may not read are simply not there.
 */
import { getFieldValue } from 'lightning/uiRecordApi';
import CONTACT_CHANCE from '@salesforce/schema/Contact.Rekindle_Chance_To_Return__c';
import CONTACT_STAGE from '@salesforce/schema/Contact.Rekindle_Life_Stage__c';
import CONTACT_REASONS from '@salesforce/schema/Contact.Rekindle_Reasons__c';
import CONTACT_ACTION from '@salesforce/schema/Contact.Rekindle_Next_Action__c';
import CONTACT_SCORED_AT from '@salesforce/schema/Contact.Rekindle_Scored_At__c';
import CONTACT_OPTED_OUT from '@salesforce/schema/Contact.HasOptedOutOfEmail';
import LEAD_CHANCE from '@salesforce/schema/Lead.Rekindle_Chance_To_Return__c';
import LEAD_STAGE from '@salesforce/schema/Lead.Rekindle_Life_Stage__c';
import LEAD_REASONS from '@salesforce/schema/Lead.Rekindle_Reasons__c';
import LEAD_ACTION from '@salesforce/schema/Lead.Rekindle_Next_Action__c';
import LEAD_SCORED_AT from '@salesforce/schema/Lead.Rekindle_Scored_At__c';
import LEAD_OPTED_OUT from '@salesforce/schema/Lead.HasOptedOutOfEmail';
import { LABELS, fill } from './labels';
import { day, percent } from './numbers';

const FIELDS = {
  Contact: {
    chance: CONTACT_CHANCE,
    stage: CONTACT_STAGE,
    reasons: CONTACT_REASONS,
    action: CONTACT_ACTION,
    scoredAt: CONTACT_SCORED_AT,
    optedOut: CONTACT_OPTED_OUT,
  },
  Lead: {
    chance: LEAD_CHANCE,
    stage: LEAD_STAGE,
    reasons: LEAD_REASONS,
    action: LEAD_ACTION,
    scoredAt: LEAD_SCORED_AT,
    optedOut: LEAD_OPTED_OUT,
  },
};

export function fieldsOf(objectApiName) {
  return Object.values(FIELDS[objectApiName] ?? {});
}

/** In the shape of the panel, as far as the record reaches; null where nothing was ever written to it. */
export function lastKnown(objectApiName, record) {
  const fields = FIELDS[objectApiName];
  if (!fields || !record) return null;
  const read = (name) => getFieldValue(record, fields[name]) ?? null;
  const scoredAt = read('scoredAt');
  if (scoredAt === null) return null;
  const chance = read('chance') === null ? null : read('chance') / 100;
  const action = read('action');
  return {
    headline: chance === null ? '' : fill(LABELS.chance, percent(chance)),
    chanceToReturn: chance,
    lifeStage: read('stage') === null ? null : { code: '', words: read('stage') },
    reasons: (read('reasons') ?? '').split('\n').filter((reason) => reason.trim() !== ''),
    nextAction: action === null ? null : { code: '', words: action },
    touches: [],
    consent: {
      mayMail: null,
      words: read('optedOut') === true ? LABELS.optedOut : LABELS.consentUnknown,
    },
    heldBack: null,
    scoredAt,
    writtenOn: fill(LABELS.recordOn, day(scoredAt)),
  };
}
