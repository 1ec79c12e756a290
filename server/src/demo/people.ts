/**
 * Lets the simulated people live: what mail servers say comes back as the provider's signed webhooks, what a person does
 * goes through the links of her own mail, over HTTP, as from a browser. Nothing of it takes a short cut into the engine.
 */
import type { FakeClock, Reaction, World } from '@rekindle/core/testing';

/** What is needed of the mail provider's fake. */
export interface MailServer {
  /** A mail it accepted, whole, as its recipient sees it. */
  mail(messageId: string): { html: string; headers: Record<string, string> } | undefined;
  /** Posts signed event webhooks to the store's address. Resolves when they were taken. */
  emit(
    events: {
      kind: 'processed' | 'delivered' | 'bounce' | 'complaint';
      messageId: string;
      at: Date;
      permanent?: boolean;
    }[],
  ): Promise<void>;
}

type ProviderKind = Parameters<MailServer['emit']>[0][number]['kind'];
const PROVIDER_KINDS: ReadonlySet<string> = new Set<ProviderKind>(['processed', 'delivered', 'bounce', 'complaint']);

/** Events in one webhook, as providers bundle them. */
const BUNDLE = 500;

/** Everything that happens up to `now`: mail servers' news in bundles, then each person's act at its own instant. */
export async function letPeopleAct(
  world: World,
  mails: MailServer,
  clock: FakeClock | undefined,
  now: Date,
): Promise<void> {
  const reactions = world.reactions(now);
  clock?.set(now);
  const news = reactions.filter(isFromProvider).map(toEvent);
  for (let start = 0; start < news.length; start += BUNDLE) await mails.emit(news.slice(start, start + BUNDLE));
  for (const reaction of reactions) {
    if (isFromProvider(reaction)) continue;
    clock?.set(new Date(reaction.at));
    await act(mails, reaction);
  }
  clock?.set(now);
}

function isFromProvider(reaction: Reaction): boolean {
  return PROVIDER_KINDS.has(reaction.kind);
}

function toEvent(reaction: Reaction): Parameters<MailServer['emit']>[0][number] {
  return {
    kind: reaction.kind as ProviderKind,
    messageId: reaction.messageId,
    at: new Date(reaction.at),
    ...(reaction.kind === 'bounce' ? { permanent: true } : {}),
  };
}

async function act(mails: MailServer, reaction: Reaction): Promise<void> {
  const mail = mails.mail(reaction.messageId);
  if (!mail) return;
  const headers = { 'user-agent': reaction.userAgent };
  if (reaction.kind === 'unsubscribe') {
    const address = /<(https?:[^>]+)>/.exec(mail.headers['List-Unsubscribe'] ?? '')?.[1];
    if (address !== undefined)
      await answered(
        fetch(address, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), headers }),
      );
    return;
  }
  const address = reaction.kind === 'open' ? pixel(mail.html) : firstLink(mail.html);
  if (address !== undefined) await answered(fetch(address, { headers, redirect: 'manual' }));
}

async function answered(request: Promise<Response>): Promise<void> {
  const response = await request;
  await response.arrayBuffer();
  if (response.status >= 400)
    throw new Error(`${new URL(response.url).pathname.slice(0, 3)}… answered ${String(response.status)}`);
}

function pixel(html: string): string | undefined {
  return addresses(html, /<img[^>]+src="([^"]+)"/g).find((address) => new URL(address).pathname.startsWith('/o/'));
}

function firstLink(html: string): string | undefined {
  return addresses(html, /<a[^>]+href="([^"]+)"/g).find((address) => new URL(address).pathname.startsWith('/c/'));
}

function addresses(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)]
    .map((found) => (found[1] ?? '').replaceAll('&amp;', '&'))
    .filter((address) => URL.canParse(address));
}
