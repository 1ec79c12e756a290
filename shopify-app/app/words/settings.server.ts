/** The settings page: the form as it stands, and what the form sent. */
import type { SettingsChange, SettingsPage } from '@rekindle/core';
import { textOf } from '../form-text.ts';
import { checkForm, formOf, settingsOf, type FieldErrors, type SettingsForm } from '../settings-form.ts';

export interface SettingsView {
  form: SettingsForm;
  senderEmail: string;
  currency: string;
  controlShare: string | null;
}

export function settingsView(page: SettingsPage): SettingsView {
  return {
    form: formOf(page.settings, page.sender, minorUnits(page.store.currency)),
    senderEmail: page.sender.email,
    currency: page.store.currency,
    controlShare: page.controlShare > 0 ? String(Math.round(page.controlShare * 1000) / 10) : null,
  };
}

/** What a sent form asks for, or what is wrong with it. */
export function changeFrom(sent: FormData, currency: string): { change: SettingsChange } | { errors: FieldErrors } {
  const text = (name: keyof SettingsForm) => textOf(sent, name);
  const kind = text('offerKind');
  const dealing = text('dealing');
  const form: SettingsForm = {
    senderName: text('senderName'),
    postalAddress: text('postalAddress'),
    quietFrom: text('quietFrom'),
    quietTo: text('quietTo'),
    publicHolidays: text('publicHolidays') === 'true',
    ownHolidays: text('ownHolidays'),
    sendDays: text('sendDays'),
    randomPercent: text('randomPercent'),
    capMessages: text('capMessages'),
    capDays: text('capDays'),
    holdoutPercent: text('holdoutPercent'),
    measureDays: text('measureDays'),
    warmUp: text('warmUp') === 'true',
    hourlyLimit: text('hourlyLimit'),
    opens: text('opens') === 'true',
    clicks: text('clicks') === 'true',
    uncountedIn: text('uncountedIn'),
    voice: text('voice'),
    offerKind: kind === 'percent' || kind === 'amount' || kind === 'free_shipping' ? kind : 'none',
    offerValue: text('offerValue'),
    offerCode: text('offerCode'),
    offerTest: text('offerTest') === 'true',
    audienceLimit: text('audienceLimit'),
    dealing: dealing === 'winner' || dealing === 'thompson' ? dealing : 'even',
    weeklyReport: text('weeklyReport') === 'true',
    monthlyReport: text('monthlyReport') === 'true',
    reportsTo: text('reportsTo'),
    topics: text('topics'),
    winBackTopic: text('winBackTopic'),
  };
  const errors = checkForm(form);
  if (Object.keys(errors).length > 0) return { errors };
  return {
    change: {
      settings: settingsOf(form, minorUnits(currency)),
      sender: { name: form.senderName, postalAddress: form.postalAddress },
    },
  };
}

function minorUnits(currency: string): number {
  return (
    10 ** (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2)
  );
}
