/**
 * What Rekindle knows of the contact or lead on the page: asked for once, shown as it was told. Until the answer is there, and
 * when there is none, what Rekindle last wrote to the record stands in its place and says so.
 */
import { LightningElement, api, wire } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import getPanel from '@salesforce/apex/RekindlePanelController.getPanel';
import stopMails from '@salesforce/apex/RekindlePanelController.doNotMail';
import { actionIcon, touchIcon } from './icons';
import { LABELS, failureWords, fill } from './labels';
import { fieldsOf, lastKnown } from './lastKnown';
import { day } from './numbers';

export default class RekindlePanel extends LightningElement {
  labels = LABELS;
  /** What Rekindle told last of this very person */
  panel = null;
  record = null;
  isLoading = false;
  /** Sentences: why there is no answer, why mails were not stopped */
  failure = null;
  stopFailure = null;
  /** The step before mails are stopped */
  isAsking = false;
  isStopping = false;
  /** Read out to those who do not see the panel change */
  announcement = '';

  person = null;
  /** Of whom an answer is awaited */
  asked = null;
  /** Where the keyboard goes once the page is drawn */
  focusNext = null;

  @api objectApiName;

  @api
  get recordId() {
    return this.person;
  }

  /** Another person: nothing of the one before may stay. */
  set recordId(value) {
    if (value === this.person) return;
    this.person = value;
    this.panel = null;
    this.record = null;
    this.stopFailure = null;
    this.isAsking = false;
    this.isStopping = false;
    this.announcement = '';
    if (value) void this.load();
  }

  @wire(getRecord, { recordId: '$recordId', optionalFields: '$fields' })
  takeRecord({ data }) {
    if (data) this.record = data;
  }

  get fields() {
    return fieldsOf(this.objectApiName);
  }

  async load() {
    if (this.isLoading && this.asked === this.person) return;
    const asked = this.person;
    this.asked = asked;
    this.isLoading = true;
    this.failure = null;
    try {
      const panel = JSON.parse(await getPanel({ recordId: asked }));
      if (asked === this.person) this.panel = panel;
    } catch (error) {
      if (asked === this.person) this.failure = failureWords(error);
    } finally {
      if (asked === this.person) this.isLoading = false;
    }
  }

  // ------------------------------------------------------------------------------------------------------------- what is shown

  get view() {
    return this.panel ?? lastKnown(this.objectApiName, this.record);
  }

  get isEmpty() {
    return !this.view;
  }

  get isSkeleton() {
    return this.isEmpty && this.isLoading;
  }

  get busy() {
    return this.isLoading ? 'true' : 'false';
  }

  get storeName() {
    return this.panel?.store.name ?? '';
  }

  get isSimulated() {
    return this.panel?.store.simulated === true;
  }

  get hasGauge() {
    return this.view.chanceToReturn !== null;
  }

  /** How old the figures are: said always, and first where they are not Rekindle's answer. */
  get age() {
    if (this.panel === null) return this.view.writtenOn;
    return this.panel.scoredAt === null ? '' : fill(LABELS.scoredOn, day(this.panel.scoredAt));
  }

  get hasReasons() {
    return this.view.reasons.length > 0;
  }

  get reasons() {
    return this.view.reasons.map((words, index) => ({ key: index, words }));
  }

  get actionIcon() {
    return actionIcon(this.view.nextAction.code);
  }

  get touches() {
    return this.view.touches.map((touch, index) => ({ ...touch, key: index, icon: touchIcon(touch.kind) }));
  }

  get hasTouches() {
    return this.view.touches.length > 0;
  }

  get consentIcon() {
    if (this.view.consent.mayMail === null) return 'utility:question';
    return this.view.consent.mayMail ? 'utility:check' : 'utility:ban';
  }

  // ---------------------------------------------------------------------------------------------------------------- do not mail

  /** Offered where it would change something: for a person whom Rekindle knows and may mail, now or later, or would like to. */
  get canStop() {
    if (this.isAsking || !this.panel?.customer) return false;
    const { consent, heldBack, nextAction } = this.panel;
    return consent.mayMail || heldBack !== null || nextAction.code === 'ask_consent';
  }

  get who() {
    return this.panel?.customer?.name || LABELS.thisPerson;
  }

  get question() {
    return fill(LABELS.doNotMailAsk, this.who);
  }

  get stopLabel() {
    return this.isStopping ? LABELS.stopping : LABELS.stop;
  }

  ask() {
    this.isAsking = true;
    this.stopFailure = null;
    this.focusNext = '[data-id="question"]';
  }

  cancel() {
    if (this.isStopping) return;
    this.isAsking = false;
    this.stopFailure = null;
    this.focusNext = '[data-id="ask"]';
  }

  cancelOnEscape(event) {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.cancel();
  }

  async stop() {
    if (this.isStopping) return;
    const asked = this.person;
    this.isStopping = true;
    this.stopFailure = null;
    try {
      const panel = JSON.parse(await stopMails({ recordId: asked }));
      if (asked !== this.person) return;
      this.panel = panel;
      this.isAsking = false;
      this.announcement = fill(LABELS.stopped, this.who);
      this.focusNext = '[data-id="consent"]';
    } catch (error) {
      if (asked === this.person) this.stopFailure = `${failureWords(error)} ${LABELS.nothingChanged}`;
    } finally {
      if (asked === this.person) this.isStopping = false;
    }
  }

  renderedCallback() {
    if (this.focusNext === null) return;
    const target = this.template.querySelector(this.focusNext);
    this.focusNext = null;
    target?.focus();
  }
}
