/** Stage: brings the membership of every segment to the scores that count. Leaves those alone that are there already. */
import { loadStore } from '../accounts/index.ts';
import { refreshStatistics } from '../database/statistics.ts';
import type { Engine, StageReport } from '../engine.ts';
import { languageOf } from '../language.ts';
import { ensureBuiltIn, listSegments, refreshMembers, ruleScope } from './segment.store.ts';

/** Refreshes what is behind `stores.score_version`. Report: segments looked at, refreshed, people who entered and left. */
export async function refreshSegments(engine: Engine, storeId: string): Promise<StageReport> {
  const behind = await engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    if (store.scoreVersion === 0) return { segments: 0, due: [] };
    await ensureBuiltIn(tx, languageOf(store.language));
    const segments = await listSegments(tx);
    return { segments: segments.length, due: segments.filter((one) => one.scoreVersion !== store.scoreVersion) };
  });
  const report = { segments: behind.segments, refreshed: 0, entered: 0, left: 0 };
  for (const segment of behind.due) {
    // One transaction a segment: a long one would hold the others' rows for nothing.
    const change = await engine.database.inStore(storeId, async (tx) =>
      refreshMembers(tx, segment, await ruleScope(tx), engine.clock.now()),
    );
    report.refreshed++;
    report.entered += change.entered;
    report.left += change.left;
    engine.progress?.({ stage: 'segments', done: report.refreshed, total: behind.due.length });
  }
  const written = report.entered + report.left;
  await engine.database.inStore(storeId, (tx) => refreshStatistics(tx, written, ['segment_members']));
  return report;
}
