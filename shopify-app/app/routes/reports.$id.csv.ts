/** One report as CSV, to be kept. */
import { readReport, reportCsv } from '@rekindle/core';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { answer } from '../context.server.ts';
import { reportFileName } from '../words/reports.server.ts';

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => {
    const { store, report } = await readReport(engine, storeId, args.params['id'] ?? '');
    const body = reportCsv(report.figures);
    return new Response(body, {
      headers: {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="${reportFileName(report, store.timeZone, 'csv')}"`,
        'Cache-Control': 'private, no-store',
      },
    });
  });
