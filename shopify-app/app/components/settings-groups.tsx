/** The settings' fields in their groups. */
import { Checkbox, Select, TextField } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { effectsOf, type FieldErrors, type SettingsForm } from '../settings-form.ts';
import type { SettingsView } from '../words/settings.server.ts';
import { Panel } from './panel.tsx';
import { TopicFields } from './topic-fields.tsx';

interface Given {
  view: SettingsView;
  form: SettingsForm;
  errors: FieldErrors;
  change: (part: Partial<SettingsForm>) => void;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${String(hour)}:00` }));
const OFFERS = [
  { value: 'none', label: 'No offer' },
  { value: 'percent', label: 'Per cent off' },
  { value: 'amount', label: 'Amount off' },
  { value: 'free_shipping', label: 'Free shipping' },
];

const DEALINGS = [
  { value: 'even', label: 'Evenly' },
  { value: 'winner', label: 'Evenly until one has won' },
  { value: 'thompson', label: 'More of what works (Thompson sampling)' },
];

export function SettingsGroups({ view, form, errors, change }: Given) {
  const effects = effectsOf(form);
  type Check = 'publicHolidays' | 'warmUp' | 'opens' | 'clicks' | 'offerTest' | 'weeklyReport' | 'monthlyReport';
  type Text = Exclude<keyof SettingsForm, Check | 'offerKind' | 'dealing' | 'topics' | 'winBackTopic'>;
  const check = (name: Check, label: string, helpText?: string) => (
    <Checkbox
      label={label}
      name={name}
      {...(helpText === undefined ? {} : { helpText })}
      checked={form[name]}
      onChange={(value) => {
        change({ [name]: value });
      }}
    />
  );
  const text = (name: Text, label: string, more: { suffix?: string; lines?: number; maxLength?: number } = {}) => (
    <TextField
      label={label}
      name={name}
      autoComplete="off"
      value={form[name]}
      onChange={(value) => {
        change({ [name]: value });
      }}
      {...(errors[name] === undefined ? {} : { error: errors[name] })}
      {...(more.suffix === undefined ? {} : { suffix: more.suffix, inputMode: 'decimal' as const })}
      {...(more.lines === undefined ? {} : { multiline: more.lines })}
      {...(more.maxLength === undefined ? {} : { maxLength: more.maxLength })}
    />
  );
  const hour = (name: 'quietFrom' | 'quietTo', label: string) => (
    <Select
      label={label}
      name={name}
      options={HOURS}
      value={form[name]}
      onChange={(value) => {
        change({ [name]: value });
      }}
    />
  );
  return (
    <>
      <Group
        title="Who mails are from"
        effect={`Mails come from ${form.senderName.trim() || '…'} <${view.senderEmail}>. The postal address stands at the end of each.`}
      >
        {text('senderName', 'Sender name', { maxLength: 80 })}
        {text('postalAddress', 'Postal address', { lines: 2, maxLength: 300 })}
      </Group>
      <Group title="When mails may leave" effect={effects.quiet}>
        <div className="rk-pair">
          {hour('quietFrom', 'Quiet from')}
          {hour('quietTo', 'Quiet until')}
        </div>
        {check('publicHolidays', 'Not on public holidays', effects.holidays)}
        {text('ownHolidays', 'Nor on these days (2027-01-06, …)', { maxLength: 2600 })}
        {text('sendDays', 'Days of sending', { suffix: 'days' })}
        <Effect>{effects.sendDays}</Effect>
        {text('randomPercent', 'At a random hour', { suffix: '%' })}
        <Effect>{effects.random}</Effect>
      </Group>
      <Group title="How much is enough" effect={effects.cap}>
        <div className="rk-pair">
          {text('capMessages', 'At most', { suffix: 'mails' })}
          {text('capDays', 'Within', { suffix: 'days' })}
        </div>
      </Group>
      <Group title="How fast mails leave" effect={effects.hourlyLimit}>
        {text('hourlyLimit', 'Limit (empty: none)', { suffix: 'mails an hour' })}
        {check('warmUp', 'The sending domain is new', effects.warmUp)}
      </Group>
      <Group title="How the effect is measured" effect={effects.holdout}>
        {text('holdoutPercent', 'Held back to measure', { suffix: '%' })}
        {text('measureDays', 'Orders count for', { suffix: 'days' })}
        <Effect>{effects.measure}</Effect>
        {view.controlShare !== null && (
          <Effect>{`Beside that, ${view.controlShare} of 100 customers never get anything, to measure the whole.`}</Effect>
        )}
      </Group>
      <Group
        title="What is counted"
        effect="What a campaign brought is measured from orders, whatever you choose here."
      >
        {check('opens', 'Count opens', effects.opens)}
        {check('clicks', 'Count clicks', effects.clicks)}
        {text('uncountedIn', 'Count nobody who lives in (country codes)', { maxLength: 1000 })}
        <Effect>Whoever asks on the preference page not to be counted is not counted either.</Effect>
      </Group>
      <Group
        title="How the shop sounds"
        effect="The writer follows this in every mail. You read each mail before it is sent."
      >
        {text('voice', 'Voice', { lines: 3, maxLength: 500 })}
      </Group>
      <Group title="What win-back mails offer" effect={effects.offer}>
        <Select
          label="Offer"
          name="offerKind"
          options={OFFERS}
          value={form.offerKind}
          onChange={(kind) => {
            change({ offerKind: kind as SettingsForm['offerKind'] });
          }}
        />
        {(form.offerKind === 'percent' || form.offerKind === 'amount') &&
          text('offerValue', 'How much', { suffix: form.offerKind === 'percent' ? '%' : view.currency })}
        {form.offerKind !== 'none' && text('offerCode', 'Code', { maxLength: 40 })}
        {form.offerKind !== 'none' && check('offerTest', 'Learn who needs it', effects.offerTest)}
      </Group>
      <Group title="Whom campaigns go to, and in which version" effect={effects.limit}>
        {text('audienceLimit', 'Largest campaign (empty: no limit)', { suffix: 'people' })}
        <Select
          label="How versions are dealt"
          name="dealing"
          options={DEALINGS}
          value={form.dealing}
          onChange={(dealing) => {
            change({ dealing: dealing as SettingsForm['dealing'] });
          }}
        />
        <Effect>{effects.dealing}</Effect>
      </Group>
      <Group title="What mails are about" effect={effects.topics}>
        <TopicFields form={form} error={errors.topics} change={change} />
      </Group>
      <Group title="Reports" effect={effects.reports}>
        {check('weeklyReport', 'Every Monday, on the week before')}
        {check('monthlyReport', 'On the first of each month, on the month before')}
        {text('reportsTo', 'By mail to', { maxLength: 800 })}
      </Group>
    </>
  );
}

function Group({ title, effect, children }: { title: string; effect: string; children: ReactNode }) {
  return (
    <Panel title={title}>
      <div className="rk-group">
        <p className="rk-group-effect">{effect}</p>
        <div className="rk-fields">{children}</div>
      </div>
    </Panel>
  );
}

function Effect({ children }: { children: ReactNode }) {
  return <p className="rk-small rk-effect">{children}</p>;
}
