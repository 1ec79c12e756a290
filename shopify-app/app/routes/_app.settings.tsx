/** Settings: grouped by what a person wants to change, each with its effect in words. */
import { changeSettings, readSettings } from '@rekindle/core';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { PageHead } from '../components/page-head.tsx';
import { SaveBar } from '../components/save-bar.tsx';
import { SettingsGroups } from '../components/settings-groups.tsx';
import { Told } from '../components/told.tsx';
import { answer, attempt, type Done } from '../context.server.ts';
import { formOf } from '../form-text.ts';
import { checkForm, type FieldErrors } from '../settings-form.ts';
import { changeFrom, settingsView } from '../words/settings.server.ts';

export const meta: MetaFunction = () => [{ title: 'Settings · Rekindle' }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => settingsView(await readSettings(engine, storeId)));

export const action = async (args: ActionFunctionArgs): Promise<Done & { errors: FieldErrors }> => {
  let errors: FieldErrors = {};
  const done = await attempt(args, async ({ engine, storeId, actor }) => {
    const { store } = await readSettings(engine, storeId);
    const sent = changeFrom(await formOf(args.request), store.currency);
    if ('errors' in sent) {
      errors = sent.errors;
      return '';
    }
    await changeSettings(engine, storeId, sent.change, actor);
    return 'Saved. Campaigns that are planned from now on follow it; those already approved stay as they were approved.';
  });
  return Object.keys(errors).length > 0
    ? { done: null, failed: 'Some fields need another look. Nothing was changed.', errors }
    : { ...done, errors };
};

export default function Settings() {
  const view = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const [form, setForm] = useState(view.form);
  const [tried, setTried] = useState(false);
  const [asks, setAsks] = useState(0);
  // Whoever asked to save and may not is led to the first field that needs another look.
  useEffect(() => {
    const field = asks > 0 ? document.querySelector<HTMLElement>('[aria-invalid="true"]') : null;
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: 'center' });
  }, [asks]);
  const before = JSON.stringify(view.form);
  useEffect(() => {
    setForm(JSON.parse(before) as typeof view.form);
    setTried(false);
  }, [before]);
  const dirty = JSON.stringify(form) !== before;
  const errors = tried ? { ...fetcher.data?.errors, ...checkForm(form) } : {};
  return (
    <>
      <PageHead title="Settings" answer="What mails may do, and when." />
      <Told what={dirty ? undefined : fetcher.data} />
      <SettingsGroups
        view={view}
        form={form}
        errors={errors}
        change={(part) => {
          setForm({ ...form, ...part });
        }}
      />
      <SaveBar
        open={dirty}
        busy={fetcher.state !== 'idle'}
        problem={Object.keys(errors).length > 0 ? 'Some fields need another look.' : (fetcher.data?.failed ?? null)}
        discard={() => {
          setForm(view.form);
          setTried(false);
        }}
        save={() => {
          setTried(true);
          setAsks(asks + 1);
          if (Object.keys(checkForm(form)).length > 0) return;
          fetcher.submit({ ...form, opens: String(form.opens), clicks: String(form.clicks) }, { method: 'post' });
        }}
      />
    </>
  );
}
