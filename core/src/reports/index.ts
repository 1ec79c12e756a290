/** Reports: a week's or a month's figures, kept once and shown the same everywhere. */
export { makeReports } from './make.ts';
export { listReports, loadReport, type Report } from './reports.store.ts';
export { reportCsv, reportHtml, reportText } from './render.ts';
export { reportPdf } from './pdf.ts';
export { type ReportFigures } from './figures.ts';
export { spanTitle, type SpanName } from './span.ts';
