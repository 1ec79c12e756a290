/** The one best thing to do now. Where nothing is best left alone, it says so. */
import type { Overview } from '@rekindle/core';
import { daysToGo } from './campaign-state.server.ts';
import type { Format } from './format.server.ts';

export interface NextStep {
  title: string;
  text: string;
  button: { label: string; url: string; primary: boolean } | null;
}

export function nextStep(format: Format, page: Overview): NextStep {
  const broken = page.sync.connections.find((one) => one.state === 'failed' || one.state === 'disconnected');
  if (broken)
    return {
      title: `${broken.platform === 'csv' ? 'The order log' : broken.platform} cannot be read`,
      text: 'New orders do not come in. Nothing was lost: what came in before stays, it is tried again by itself, and the next sync goes on where the last one stopped.',
      button: null,
    };
  const campaign = page.campaign;
  const url = `/campaigns/${campaign?.id ?? ''}`;
  const see = (label: string) => ({ label, url, primary: false });
  const wait = campaign ? daysToGo(format, campaign, page.store.now) : null;
  switch (campaign?.state ?? 'none') {
    case 'awaiting_approval':
      return {
        title: 'A mail waits for your yes',
        text: `It is written and would go to ${format.people(campaign?.funnel.treated ?? 0)}. Read it, then approve it; nothing leaves before that.`,
        button: { label: 'Review the mail', url, primary: true },
      };
    case 'paused':
      return {
        title: 'A campaign is paused',
        text: 'No mail leaves while it is. Resume it or cancel it.',
        button: { label: 'Open the campaign', url, primary: true },
      };
    case 'draft':
      return {
        title: 'A mail is being written',
        text: 'It will wait here for your approval.',
        button: see('See the plan'),
      };
    case 'running':
      return {
        title: 'Nothing to do',
        text: 'Mails leave at each person’s own hour. You can pause them at any time.',
        button: see('See how it goes'),
      };
    case 'measuring':
      return {
        title: 'Nothing to do',
        text: `All mails are out. Orders of both groups are counted${wait ? `, ${wait}` : ''}.`,
        button: see('See what is known so far'),
      };
  }
  if (page.sync.counts.orders === 0)
    return {
      title: 'Orders are what is missing',
      text: 'They come from a connected shop or an imported order log. About a year of them is enough to know each customer’s rhythm; the rest happens by itself.',
      button: null,
    };
  if (page.stages.every((one) => one.scored === 0))
    return {
      title: 'Nothing to do yet',
      text: 'Orders keep coming in. As soon as enough people have bought again, you will see here who is late.',
      button: { label: 'See your customers', url: '/customers?view=all', primary: false },
    };
  const slipping = page.stages.find((one) => one.stage === 'slipping')?.customers ?? 0;
  if (slipping > 0)
    return {
      title: `Look at the ${format.people(slipping)} slipping away`,
      text: 'The next mail to them is planned by itself and will wait for your approval.',
      button: { label: 'See who they are', url: '/customers?view=slipping', primary: true },
    };
  return {
    title: 'Nothing to do',
    text: 'As soon as customers fall behind their rhythm, a mail to them is drafted and waits here.',
    button: null,
  };
}
