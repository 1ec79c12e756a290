/** What may be done with a campaign now, and what one is told before it is done. */
import type { CampaignPage } from '@rekindle/core';
import type { Format } from './format.server.ts';

export type StepName = 'approve' | 'pause' | 'resume' | 'cancel' | 'on' | 'stop';

export interface Step {
  name: StepName;
  label: string;
  primary: boolean;
  confirm: { title: string; lines: string[]; button: string; destructive: boolean };
}

const DAY = 86_400_000;

export function stepsOf(format: Format, page: CampaignPage): Step[] {
  const { campaign } = page;
  switch (campaign.state) {
    case 'awaiting_approval':
      return [approve(format, page), cancel(format, page)];
    case 'running':
      return [pause(format, page), cancel(format, page)];
    case 'paused':
      return [resume(format, page), cancel(format, page)];
    case 'draft':
      return [cancel(format, page)];
    default:
      return [];
  }
}

function approve(format: Format, { campaign, store }: CampaignPage): Step {
  const { treated, holdout } = campaign.funnel;
  const until = new Date(store.now.getTime() + campaign.plan.sendDays * DAY);
  const people = format.people(treated);
  return {
    name: 'approve',
    label: 'Approve and send',
    primary: true,
    confirm: {
      title: `Send to ${people}?`,
      lines: [
        `${people} get this mail from today until ${format.day(until)}, each at their own hour.`,
        `${format.people(holdout)} get nothing, so that the effect can be measured.`,
        'You can pause or cancel on this page at any time. Mails that are out cannot be called back.',
        ...(store.simulated ? ['These customers are simulated: no mail reaches anybody.'] : []),
      ],
      button: `Send to ${people}`,
      destructive: false,
    },
  };
}

function left(format: Format, page: CampaignPage): string {
  const open = page.messages.reduce((sum, row) => sum + (row.state === 'scheduled' ? row.messages : 0), 0);
  return format.plural(open, 'mail that is', 'mails that are');
}

function pause(format: Format, page: CampaignPage): Step {
  return {
    name: 'pause',
    label: 'Pause',
    primary: false,
    confirm: {
      title: 'Pause this campaign?',
      lines: [
        `The ${left(format, page)} not out yet will wait until you resume. Mails that are out stay out, and orders are counted on.`,
      ],
      button: 'Pause',
      destructive: false,
    },
  };
}

function resume(format: Format, page: CampaignPage): Step {
  return {
    name: 'resume',
    label: 'Resume',
    primary: true,
    confirm: {
      title: 'Resume this campaign?',
      lines: [`The ${left(format, page)} not out yet will leave at their hours. You can pause again at any time.`],
      button: 'Resume',
      destructive: false,
    },
  };
}

function cancel(format: Format, page: CampaignPage): Step {
  const started = page.campaign.approvedAt !== null;
  return {
    name: 'cancel',
    label: started ? 'Cancel' : 'Discard',
    primary: false,
    confirm: {
      title: started ? 'Cancel this campaign for good?' : 'Discard this campaign?',
      lines: [
        started
          ? `The ${left(format, page)} not out yet will never leave. Mails that are out stay out.`
          : 'Nobody gets this mail. A new one will be planned and written when it is due.',
        'This cannot be undone.',
      ],
      button: started ? 'Cancel the campaign' : 'Discard',
      destructive: true,
    },
  };
}
