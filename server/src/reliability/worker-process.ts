/**
 * `node worker-process.ts CACHE`: a worker of a trial, a process of its own so that it can be killed. It delivers one store
 * again and again by the product's own stage, and tells its parent when it claims and when it sends.
 */
import { enableCompileCache } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database, EmailProvider, Engine, MailBatch, StoreTransaction } from '@rekindle/core';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-protocol.ts';

// A life is short: most of it must not go into loading.
enableCompileCache(process.argv[2]);
const { connectDatabase, STAGES } = await import('@rekindle/core');
const { trialClock } = await import('./clock.ts');
const { buildEngine, mailThrough } = await import('./scene.ts');

function tell(message: FromWorker): void {
  process.send?.(message);
}

/** Tells of claims: the statement that writes the attempt is seen going by, and then its commit. */
function watched(database: Database): Database {
  return {
    ...database,
    async inStore(storeId, work) {
      const batchIds: string[] = [];
      const result = await database.inStore(storeId, (tx) => work(watchedTransaction(tx, batchIds)));
      if (batchIds.length > 0) tell({ say: 'claimed', batchIds });
      return result;
    },
  };
}

function watchedTransaction(tx: StoreTransaction, batchIds: string[]): StoreTransaction {
  return {
    ...tx,
    run: (sql, values) => {
      const batchId = sql.includes('INTO attempts (') ? values?.[1] : undefined;
      if (typeof batchId === 'string') batchIds.push(batchId);
      return tx.run(sql, values);
    },
  };
}

function announced(email: EmailProvider, dawdleMs: number): EmailProvider {
  return {
    ...email,
    async send(batch) {
      if (dawdleMs > 0) await wait(dawdleMs);
      const at = Number(process.hrtime.bigint());
      tell({ say: 'sending', messageIds: batch.recipients.map((one) => one.messageId), at });
      return email.send(batch);
    },
  };
}

/** Ready to go at a word: a first connection and a first request take longer than a life may last. */
async function prepare(settings: WorkerSettings): Promise<() => Promise<never>> {
  const clock = trialClock(settings.clock);
  process.on('message', (message: ToWorker) => {
    if (message.say === 'put') clock.put(message.shift);
  });
  const database = connectDatabase({ url: settings.databaseUrl, connections: 3 });
  await database.inStore(settings.storeId, (tx) => tx.rows('SELECT 1')).catch(() => undefined);
  const stranger = mailThrough({ url: settings.provider.url, apiKey: 'SG.nobody' }, settings);
  await stranger.send(NO_MAIL);
  const email = announced(mailThrough(settings.provider, settings), settings.dawdleMs);
  const engine = buildEngine(watched(database), clock, email);
  return () => work(engine, settings);
}

/** Is not let in, and so is never taken. */
const NO_MAIL: MailBatch = {
  batchId: '',
  from: { email: 'nobody@shop.example', name: '' },
  replyTo: undefined,
  template: { subject: '', html: '', text: '' },
  recipients: [],
};

async function work(engine: Engine, settings: WorkerSettings): Promise<never> {
  for (;;) {
    try {
      const { batches } = await STAGES.delivery(engine, settings.storeId);
      tell({ say: 'delivered', batches: Number(batches) });
    } catch {
      // The database was away: in the product the job fails and the next beat takes it up.
      tell({ say: 'failed' });
    }
    await wait(settings.beatMs);
  }
}

process.on('disconnect', () => process.exit());
process.on('message', (message: ToWorker) => {
  if (message.say !== 'prepare') return;
  void prepare(message.settings).then((begin) => {
    process.on('message', (next: ToWorker) => {
      if (next.say === 'start') void begin();
    });
    tell({ say: 'ready' });
  });
});
