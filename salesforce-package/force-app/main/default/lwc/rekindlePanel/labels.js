/** The panel's own words, in the language of the user. What is said of the person comes from Rekindle, in the shop's language. */
import refresh from '@salesforce/label/c.Rekindle_Refresh';
import refreshing from '@salesforce/label/c.Rekindle_Refreshing';
import loading from '@salesforce/label/c.Rekindle_Loading';
import simulated from '@salesforce/label/c.Rekindle_Simulated';
import why from '@salesforce/label/c.Rekindle_Why';
import next from '@salesforce/label/c.Rekindle_Next';
import lately from '@salesforce/label/c.Rekindle_Lately';
import noTouches from '@salesforce/label/c.Rekindle_No_Touches';
import mails from '@salesforce/label/c.Rekindle_Mails';
import scoredOn from '@salesforce/label/c.Rekindle_Scored_On';
import chance from '@salesforce/label/c.Rekindle_Chance';
import recordOn from '@salesforce/label/c.Rekindle_Record_On';
import optedOut from '@salesforce/label/c.Rekindle_Opted_Out';
import consentUnknown from '@salesforce/label/c.Rekindle_Consent_Unknown';
import doNotMail from '@salesforce/label/c.Rekindle_Do_Not_Mail';
import doNotMailAsk from '@salesforce/label/c.Rekindle_Do_Not_Mail_Ask';
import doNotMailEffect from '@salesforce/label/c.Rekindle_Do_Not_Mail_Effect';
import thisPerson from '@salesforce/label/c.Rekindle_This_Person';
import stop from '@salesforce/label/c.Rekindle_Stop';
import stopping from '@salesforce/label/c.Rekindle_Stopping';
import cancel from '@salesforce/label/c.Rekindle_Cancel';
import stopped from '@salesforce/label/c.Rekindle_Stopped';
import nothingChanged from '@salesforce/label/c.Rekindle_Nothing_Changed';
import notVisible from '@salesforce/label/c.Rekindle_Failed_Not_Visible';
import keyRefused from '@salesforce/label/c.Rekindle_Failed_Key_Refused';
import busy from '@salesforce/label/c.Rekindle_Failed_Busy';
import unreachable from '@salesforce/label/c.Rekindle_Failed_Unreachable';
import refused from '@salesforce/label/c.Rekindle_Failed_Refused';

export const LABELS = {
  refresh,
  refreshing,
  loading,
  simulated,
  why,
  next,
  lately,
  noTouches,
  mails,
  scoredOn,
  chance,
  recordOn,
  optedOut,
  consentUnknown,
  doNotMail,
  doNotMailAsk,
  doNotMailEffect,
  thisPerson,
  stop,
  stopping,
  cancel,
  stopped,
  nothingChanged,
};

const FAILURES = {
  not_visible: notVisible,
  key_refused: keyRefused,
  busy,
  unreachable,
  refused,
};

/** What went wrong, in a sentence. A failure without a code of ours is one of Salesforce's own: no answer either. */
export function failureWords(error) {
  return FAILURES[error?.body?.message] ?? unreachable;
}

/** A label with its one gap filled. */
export function fill(label, value) {
  return label.replace('{0}', value);
}
