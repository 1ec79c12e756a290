/** Sending domain: may mails come from it, and if not, what to write where? */
import { addDomain, changeSenderAddress, checkDomain, readDomain } from '@rekindle/core';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Badge, Banner, Button, Icon, TextField } from '@shopify/polaris';
import { CheckIcon, XIcon } from '@shopify/polaris-icons';
import { useEffect, useState } from 'react';
import { DomainRows } from '../components/domain-rows.tsx';
import { useLookAgain } from '../components/look-again.ts';
import { PageHead } from '../components/page-head.tsx';
import { Panel } from '../components/panel.tsx';
import { Spoken } from '../components/spoken.tsx';
import { Told } from '../components/told.tsx';
import { answer, attempt } from '../context.server.ts';
import { formOf, textOf } from '../form-text.ts';
import { domainView, type DomainView } from '../words/domain.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.title ?? 'Domain'} · Rekindle` }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => domainView(await readDomain(engine, storeId)));

export const action = (args: ActionFunctionArgs) =>
  attempt(args, async ({ engine, storeId, actor }) => {
    const form = await formOf(args.request);
    const { words } = domainView(await readDomain(engine, storeId));
    switch (textOf(form, 'what')) {
      case 'check':
        await checkDomain(engine, storeId);
        return words.looked;
      case 'add':
        await addDomain(engine, storeId);
        return words.added;
      case 'address':
        await changeSenderAddress(
          engine,
          storeId,
          { email: textOf(form, 'email'), replyTo: textOf(form, 'replyTo') },
          actor,
        );
        return words.saved;
      default:
        throw new Response('That cannot be done here.', { status: 400 });
    }
  });

export default function Domain() {
  const view = useLoaderData<typeof loader>();
  // Records that somebody is just setting are found by the job: the page says so by itself.
  useLookAgain(view.unsettled);
  return (
    <Spoken language={view.language}>
      <PageHead
        title={view.title}
        badge={view.badge && <Badge tone={view.badge.tone}>{view.badge.label}</Badge>}
        answer={view.answer}
        note={view.note}
      />
      {view.checked !== null && <CheckAgain checked={view.checked} words={view.words} />}
      {view.blocker && <Blocker blocker={view.blocker} />}
      <DomainRows rows={view.rows} words={view.words} />
      {view.rules && <Rules rules={view.rules} words={view.words} />}
      <Address sender={view.sender} words={view.words} />
    </Spoken>
  );
}

function CheckAgain({ checked, words }: { checked: string; words: DomainView['words'] }) {
  const fetcher = useFetcher<typeof action>();
  return (
    <>
      <fetcher.Form method="post" className="rk-check">
        <input type="hidden" name="what" value="check" />
        <Button submit loading={fetcher.state !== 'idle'}>
          {words.check}
        </Button>
        <span className="rk-small">{checked}</span>
      </fetcher.Form>
      <Told what={fetcher.data} />
    </>
  );
}

function Blocker({ blocker }: { blocker: NonNullable<DomainView['blocker']> }) {
  const fetcher = useFetcher<typeof action>();
  return (
    <>
      <Banner tone="warning" title={blocker.title}>
        <div className="rk-stack">
          <p>{blocker.text}</p>
          {blocker.add !== null && (
            <fetcher.Form method="post">
              <input type="hidden" name="what" value="add" />
              <Button submit variant="primary" loading={fetcher.state !== 'idle'}>
                {blocker.add}
              </Button>
            </fetcher.Form>
          )}
        </div>
      </Banner>
      <Told what={fetcher.data} />
    </>
  );
}

function Rules({ rules, words }: { rules: NonNullable<DomainView['rules']>; words: DomainView['words'] }) {
  return (
    <Panel title={rules.title}>
      <ul className="rk-rules">
        {rules.items.map((item) => (
          <li key={item.text}>
            <Icon
              source={item.met ? CheckIcon : XIcon}
              tone={item.met ? 'success' : 'critical'}
              accessibilityLabel={item.met ? words.met : words.unmet}
            />
            <span>{item.text}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Address({ sender, words }: { sender: DomainView['sender']; words: DomainView['words'] }) {
  const fetcher = useFetcher<typeof action>();
  const [email, setEmail] = useState(sender.email);
  const [replyTo, setReplyTo] = useState(sender.replyTo);
  useEffect(() => {
    setEmail(sender.email);
    setReplyTo(sender.replyTo);
  }, [sender.email, sender.replyTo]);
  return (
    <Panel title={words.emailTitle}>
      <fetcher.Form method="post" className="rk-fields">
        <input type="hidden" name="what" value="address" />
        <TextField
          label={words.email}
          name="email"
          type="email"
          autoComplete="off"
          maxLength={254}
          value={email}
          onChange={setEmail}
          helpText={words.emailHelp}
        />
        <TextField
          label={words.replyTo}
          name="replyTo"
          type="email"
          autoComplete="off"
          maxLength={254}
          value={replyTo}
          onChange={setReplyTo}
          helpText={words.replyToHelp}
        />
        <div>
          <Button
            submit
            loading={fetcher.state !== 'idle'}
            disabled={email === sender.email && replyTo === sender.replyTo}
          >
            {words.save}
          </Button>
        </div>
      </fetcher.Form>
      <Told what={fetcher.data} />
    </Panel>
  );
}
