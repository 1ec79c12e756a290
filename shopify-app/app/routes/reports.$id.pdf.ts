/** One report as PDF, to be kept. */
import { readReport, reportPdf } from '@rekindle/core';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { answer } from '../context.server.ts';
import { reportFileName } from '../words/reports.server.ts';

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => {
    const { store, report } = await readReport(engine, storeId, args.params['id'] ?? '');
    const body = Buffer.from(await reportPdf(report.figures, report.madeAt));
    return new Response(body, {
      headers: {
        'Content-Type': 'application/pdf',
        'Content-Disposition': `attachment; filename="${reportFileName(report, store.timeZone, 'pdf')}"`,
        'Cache-Control': 'private, no-store',
      },
    });
  });
