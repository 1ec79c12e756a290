import { createElement } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import getPanel from '@salesforce/apex/RekindlePanelController.getPanel';
import doNotMail from '@salesforce/apex/RekindlePanelController.doNotMail';
import RekindlePanel from 'c/rekindlePanel';
import { ANNA, HELD_BACK, STOPPED, TOO_LITTLE, UNKNOWN } from './answers';

jest.mock('@salesforce/apex/RekindlePanelController.getPanel', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/RekindlePanelController.doNotMail', () => ({ default: jest.fn() }), { virtual: true });

const CONTACT = '003000000000001AAA';
const OTHER = '003000000000002AAA';

afterEach(() => {
  document.body.replaceChildren();
  getPanel.mockReset();
  doNotMail.mockReset();
});

/** Until everything that was answered is drawn. */
const drawn = () => new Promise((resolve) => setTimeout(resolve, 0));

function open(recordId = CONTACT, objectApiName = 'Contact') {
  const panel = createElement('c-rekindle-panel', { is: RekindlePanel });
  panel.objectApiName = objectApiName;
  panel.recordId = recordId;
  document.body.append(panel);
  return panel;
}

async function opened(answer) {
  getPanel.mockResolvedValue(JSON.stringify(answer));
  const panel = open();
  await drawn();
  return panel;
}

const text = (panel) => panel.shadowRoot.textContent;
const one = (panel, selector) => panel.shadowRoot.querySelector(selector);
const byId = (panel, id) => one(panel, `[data-id="${id}"]`);
const apexFailure = (code) => ({ body: { message: code } });

function field(value) {
  return { value, displayValue: null };
}

/** The record as Salesforce hands it over. */
function record(apiName, fields) {
  return { apiName, id: CONTACT, fields: Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, field(v)])) };
}

const SCORED = {
  Rekindle_Chance_To_Return__c: 41,
  Rekindle_Life_Stage__c: 'Slipping away',
  Rekindle_Reasons__c: 'Late by 20 days.\nSmaller baskets.',
  Rekindle_Next_Action__c: 'Write to her.',
  Rekindle_Scored_At__c: '2026-11-20T05:00:00.000Z',
  HasOptedOutOfEmail: false,
};

test('asks once for the person on the page and shows what was told', async () => {
  const panel = await opened(ANNA);
  expect(getPanel.mock.calls).toEqual([[{ recordId: CONTACT }]]);
  for (const words of [
    ANNA.headline,
    ANNA.value,
    ANNA.nextOrder,
    ANNA.nextAction.words,
    ANNA.lifeStage.words,
    'Lindgren Tea',
  ])
    expect(text(panel)).toContain(words);
  expect([...panel.shadowRoot.querySelectorAll('.reasons li')].map((li) => li.textContent)).toEqual(ANNA.reasons);
  expect([...panel.shadowRoot.querySelectorAll('.touches .what')].map((what) => what.textContent)).toEqual(
    ANNA.touches.map(({ words }) => words),
  );
  expect(one(panel, 'c-rekindle-gauge').share).toBe(0.34);
});

test('says whether mails are allowed in every state, and why none go out', async () => {
  for (const answer of [ANNA, HELD_BACK, STOPPED, TOO_LITTLE, UNKNOWN]) {
    const panel = await opened(answer);
    expect(byId(panel, 'consent-words').textContent).toContain(answer.consent.words);
    expect(byId(panel, 'held-back')?.textContent.trim() ?? null).toBe(answer.heldBack);
    panel.remove();
  }
});

test('says that figures are simulated', async () => {
  const simulated = await opened({ ...ANNA, store: { ...ANNA.store, simulated: true } });
  expect(text(simulated)).toContain('c.Rekindle_Simulated');
  simulated.remove();
  expect(text(await opened(ANNA))).not.toContain('c.Rekindle_Simulated');
});

test('says what is missing where nothing can be said yet', async () => {
  const panel = await opened(TOO_LITTLE);
  expect(text(panel)).toContain(TOO_LITTLE.missing);
  expect(one(panel, 'c-rekindle-gauge')).toBeNull();
  expect(text(panel)).toContain('c.Rekindle_No_Touches');
});

test('shows a skeleton before anything is known, and nothing else', async () => {
  getPanel.mockReturnValue(new Promise(() => {}));
  const panel = open();
  await drawn();
  expect(one(panel, '.skeleton')).not.toBeNull();
  expect(one(panel, 'article').getAttribute('aria-busy')).toBe('true');
  expect(text(panel)).toContain('c.Rekindle_Loading');
});

test('shows what stands on the record until Rekindle answers', async () => {
  let answer;
  getPanel.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const panel = open();
  getRecord.emit(record('Contact', SCORED));
  await drawn();
  expect(one(panel, '.skeleton')).toBeNull();
  expect(one(panel, 'c-rekindle-gauge').share).toBe(0.41);
  expect(text(panel)).toContain('Late by 20 days.');
  expect(byId(panel, 'age').textContent).toContain('c.Rekindle_Record_On');
  expect(byId(panel, 'consent-words').textContent).toContain('c.Rekindle_Consent_Unknown');
  answer(JSON.stringify(ANNA));
  await drawn();
  expect(text(panel)).toContain(ANNA.headline);
  expect(text(panel)).not.toContain('Late by 20 days.');
});

test('reads a lead by the lead’s fields, and its opt-out', async () => {
  getPanel.mockRejectedValue(apexFailure('unreachable'));
  const panel = open('00Q000000000001AAA', 'Lead');
  await drawn();
  getRecord.emit(record('Lead', { ...SCORED, HasOptedOutOfEmail: true }));
  await drawn();
  expect(getRecord.getLastConfig().optionalFields.every(({ objectApiName }) => objectApiName === 'Lead')).toBe(true);
  expect(byId(panel, 'consent-words').textContent).toContain('c.Rekindle_Opted_Out');
});

test.each([
  ['not_visible', 'c.Rekindle_Failed_Not_Visible'],
  ['key_refused', 'c.Rekindle_Failed_Key_Refused'],
  ['busy', 'c.Rekindle_Failed_Busy'],
  ['refused', 'c.Rekindle_Failed_Refused'],
  ['unreachable', 'c.Rekindle_Failed_Unreachable'],
  ['Script-thrown exception', 'c.Rekindle_Failed_Unreachable'],
])('says in a sentence what %s means, and asks again when told to', async (code, words) => {
  getPanel.mockRejectedValueOnce(apexFailure(code));
  const panel = open();
  await drawn();
  expect(one(panel, '[role="alert"]').textContent).toContain(words);
  getPanel.mockResolvedValue(JSON.stringify(ANNA));
  one(panel, 'lightning-button-icon').click();
  await drawn();
  expect(one(panel, '[role="alert"]')).toBeNull();
  expect(text(panel)).toContain(ANNA.headline);
});

test('keeps what it showed while it asks again, and when that fails', async () => {
  const panel = await opened(ANNA);
  getPanel.mockRejectedValueOnce(apexFailure('unreachable'));
  one(panel, 'lightning-button-icon').click();
  await drawn();
  expect(text(panel)).toContain(ANNA.headline);
  expect(one(panel, '[role="alert"]').textContent).toContain('c.Rekindle_Failed_Unreachable');
});

test('an answer that cannot be read is no answer', async () => {
  getPanel.mockResolvedValue('<html>Bad gateway</html>');
  const panel = open();
  await drawn();
  expect(one(panel, '[role="alert"]').textContent).toContain('c.Rekindle_Failed_Unreachable');
});

test('shows nothing of one person on the page of another, however late the answer comes', async () => {
  let late;
  getPanel.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
  const panel = open();
  await drawn();
  getPanel.mockResolvedValue(JSON.stringify(UNKNOWN));
  panel.recordId = OTHER;
  late(JSON.stringify(ANNA));
  await drawn();
  expect(text(panel)).toContain(UNKNOWN.headline);
  expect(text(panel)).not.toContain('Anna');
});

test('stops the mails only after saying what that does', async () => {
  const panel = await opened(ANNA);
  byId(panel, 'ask').click();
  await drawn();
  expect(doNotMail).not.toHaveBeenCalled();
  expect(text(panel)).toContain('c.Rekindle_Do_Not_Mail_Effect');
  doNotMail.mockResolvedValue(JSON.stringify(STOPPED));
  byId(panel, 'stop').click();
  byId(panel, 'stop').click();
  await drawn();
  expect(doNotMail.mock.calls).toEqual([[{ recordId: CONTACT }]]);
  expect(byId(panel, 'consent-words').textContent).toContain(STOPPED.consent.words);
  expect(byId(panel, 'announcement').textContent).toContain('c.Rekindle_Stopped');
  expect(byId(panel, 'ask')).toBeNull();
});

test('leaves everything as it was when told not to, by button or by key', async () => {
  const panel = await opened(ANNA);
  byId(panel, 'ask').click();
  await drawn();
  byId(panel, 'cancel').click();
  await drawn();
  expect(byId(panel, 'question')).toBeNull();
  byId(panel, 'ask').click();
  await drawn();
  byId(panel, 'question').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  await drawn();
  expect(byId(panel, 'question')).toBeNull();
  expect(doNotMail).not.toHaveBeenCalled();
});

test('says that nothing was changed when the mails could not be stopped', async () => {
  const panel = await opened(ANNA);
  byId(panel, 'ask').click();
  await drawn();
  doNotMail.mockRejectedValue(apexFailure('unreachable'));
  byId(panel, 'stop').click();
  await drawn();
  expect(one(panel, '[role="alert"]').textContent).toContain('c.Rekindle_Nothing_Changed');
  expect(byId(panel, 'consent-words').textContent).toContain(ANNA.consent.words);
});

test('takes a no where consent was to be asked for', async () => {
  const nextAction = { code: 'ask_consent', words: 'Ask whether she wants mails.' };
  const panel = await opened({ ...STOPPED, nextAction });
  expect(byId(panel, 'ask')).not.toBeNull();
});

test('does not offer to stop mails to a person who gets none', async () => {
  for (const answer of [STOPPED, UNKNOWN]) {
    const panel = await opened(answer);
    expect(byId(panel, 'ask')).toBeNull();
    panel.remove();
  }
});

test('can be told apart by a screen reader: headings, lists, named buttons', async () => {
  const panel = await opened(HELD_BACK);
  expect([...panel.shadowRoot.querySelectorAll('h2, h3')]).toHaveLength(4);
  expect(one(panel, 'lightning-button-icon').alternativeText).toBe('c.Rekindle_Refresh');
});
