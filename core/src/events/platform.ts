/**
 * What a platform tells by itself: verify, find the store, and for each event one transaction with the row that makes a copy
 * recognisable and the effect. Answering 200 is the caller's, after this has returned. Whatever goes wrong on our side is
 * thrown, so that the vendor tries again; events that were recorded before it are copies then.
 */
import { askPull, disconnectInStore, findConnection, findStoreOfAccount } from '../accounts/index.ts';
import { pauseAll } from '../campaigns/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { mergeOnPlatform, takeRows } from '../ingest/index.ts';
import type { PlatformEvent, RawWebhook } from '../ports.ts';
import { believable } from './apply.ts';
import { eraseAccount, erasePerson } from './erase.ts';
import { exportPerson } from './export-person.ts';
import { hasLiveConnection, noteWebhook } from './platform.store.ts';
import { keepable } from './keepable.ts';

export interface Taken {
  /** Events that had their effect */
  taken: number;
  /** Copies of what was known */
  repeated: number;
  /** Of accounts that are nobody's here, or whose connection has ended: nothing to do, and no use in telling them again */
  ignored: number;
}

/**
 * Takes a platform's webhook. Throws `unauthorised` for a wrong signature, `bad_request` for a body that is not the
 * vendor's, `not_found` for a platform that tells nothing here.
 */
export async function receivePlatformEvents(engine: Engine, platform: string, raw: RawWebhook): Promise<Taken> {
  const webhooks = engine.webhooks[platform];
  if (webhooks === undefined) throw fail('not_found', `Nothing is connected to ${platform} here.`);
  const now = engine.clock.now();
  const taken: Taken = { taken: 0, repeated: 0, ignored: 0 };
  for (const event of webhooks.read(raw, now)) taken[await takeEvent(engine, platform, event, now)]++;
  return taken;
}

async function takeEvent(engine: Engine, platform: string, event: PlatformEvent, now: Date): Promise<keyof Taken> {
  // No id has a null character in it: whoever is named so is nobody.
  if (idsOf(event).some((id) => id.includes('\0'))) return 'ignored';
  const storeId = await findStoreOfAccount(engine, { platform, account: event.account });
  if (storeId === undefined) return 'ignored';
  const told = await engine.database.inStore(storeId, async (tx) => {
    const isNew = await noteWebhook(tx, { source: platform, key: keepable(event.vendorEventId), at: now });
    if (!isNew) return 'repeated';
    return (await haveEffect(engine, tx, platform, event, now)) ? 'taken' : 'ignored';
  });
  if (told !== 'taken' || event.kind !== 'erase_account') return told;
  await engine.database.inDirectory((tx) => eraseAccount.closeOrganisations(tx));
  return told;
}

function idsOf(event: PlatformEvent): string[] {
  if (event.kind === 'merged') return [event.from, event.into];
  if (event.kind === 'erase_person') return [event.externalId, event.email ?? ''];
  return event.kind === 'export_person' ? [event.externalId] : [];
}

/** False: it changes nothing here. */
async function haveEffect(
  engine: Engine,
  tx: StoreTransaction,
  platform: string,
  event: PlatformEvent,
  now: Date,
): Promise<boolean> {
  const account = { platform, account: event.account };
  const at = believable(event.at, now);
  switch (event.kind) {
    case 'erase_person':
      return erasePerson(tx, engine.keys, { platform, externalId: event.externalId, email: event.email, at: now });
    case 'export_person':
      return exportPerson(engine, tx, { platform, externalId: event.externalId, at: now });
    case 'erase_account':
      await eraseAccount.inStore(tx, account);
      return true;
    case 'removed': {
      const ended = await disconnectInStore(engine, tx, account, `webhook:${platform}`);
      // A store that nobody is behind any more mails nobody.
      if (ended && !(await hasLiveConnection(tx))) await pauseAll(tx, now, `webhook:${platform}`);
      return ended;
    }
    default:
  }
  const connection = await findConnection(tx, platform, event.account);
  // A late word of an app that was removed: what it says is no longer ours to know.
  if (connection === undefined || connection.state === 'disconnected') return false;
  if (event.kind === 'look') return askPull(tx, connection.id, now);
  if (event.kind === 'merged')
    return mergeOnPlatform(tx, engine.keys, { platform, from: event.from, into: event.into }, at);
  await takeRows(tx, engine.keys, { platform, batch: event.batch, at });
  return true;
}
