/**
 * Stage: once a week or a month of the store's calendar is over, its report is made and kept, and mailed to whom the settings
 * name. A report is mailed at most once: that it goes out is written down before it does.
 */
import { loadStore } from '../accounts/index.ts';
import { domainGate } from '../domain/index.ts';
import type { Engine, StageReport } from '../engine.ts';
import { uuidOf } from '../random.ts';
import { buildReport } from './build.ts';
import { reportHtml, reportText } from './render.ts';
import { hasReport, keepReport, soldBefore, takeUnmailed, type Report } from './reports.store.ts';
import { lastSpan, SPANS } from './span.ts';

/** A report that could not go out for so long is old news. */
const FRESH_DAYS = 3;
const DAY = 86_400_000;

export async function makeReports(engine: Engine, storeId: string): Promise<StageReport> {
  const now = engine.clock.now();
  const { store, made, open } = await engine.database.inStore(storeId, async (tx) => {
    const own = await loadStore(tx);
    const { reports } = own.settings;
    let count = 0;
    for (const name of SPANS) {
      if (!(name === 'week' ? reports.weekly : reports.monthly)) continue;
      const span = lastSpan(name, now, own.timeZone);
      if ((await hasReport(tx, span)) || !(await soldBefore(tx, span.until))) continue;
      await keepReport(tx, span, await buildReport(tx, own, span, now), now);
      count++;
    }
    return { store: own, made: count, open: (await domainGate(engine, tx, own)).open };
  });
  const { to } = store.settings.reports;
  if (to.length === 0 || !open) return { made, mailed: 0 };
  const since = new Date(now.getTime() - FRESH_DAYS * DAY);
  const due = await engine.database.inStore(storeId, (tx) => takeUnmailed(tx, since, { at: now, to: to.length }));
  for (const report of due) await mail(engine, store, report);
  return { made, mailed: due.length };
}

async function mail(engine: Engine, store: Awaited<ReturnType<typeof loadStore>>, report: Report): Promise<void> {
  const { figures } = report;
  const result = await engine.email.send({
    batchId: uuidOf('report mail', report.id),
    from: { email: store.sender.email, name: store.sender.name },
    template: {
      subject: `${figures.store}: ${figures.title}`,
      html: reportHtml(figures, `${engine.publicUrl}/reports/${report.id}`),
      text: reportText(figures),
    },
    recipients: store.settings.reports.to.map((email) => ({
      messageId: uuidOf('report mail', report.id, email),
      email,
      gaps: [],
      headers: {},
    })),
  });
  if (result.outcome !== 'accepted')
    engine.log.warn({ report: report.id, outcome: result.outcome }, 'a report was not taken by the mail provider');
}
