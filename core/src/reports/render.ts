/** A report as CSV, as an HTML mail and as plain text: the kept figures, nothing worked out anew. Pure. */
import { stringify } from './csv.ts';
import type { ReportFigures } from './figures.ts';
import { reportWords } from './words.ts';

/** One line a figure, as numbers that programs read in every language (a point before the decimals), and in words. */
export function reportCsv(figures: ReportFigures): string {
  const rows = figures.sections.flatMap((section) =>
    section.lines.map((line) => [section.title, line.label, number(line.value), number(line.before), line.words]),
  );
  return stringify([reportWords[figures.language].columns, ...rows]);
}

function number(value: number | null): string {
  return value === null ? '' : String(Math.round(value * 1e6) / 1e6);
}

export function reportText(figures: ReportFigures): string {
  const words = reportWords[figures.language];
  return [
    `${figures.store} · ${figures.title}`,
    ...(figures.simulated ? [words.simulated] : []),
    figures.answer,
    ...figures.sections.map((section) =>
      [section.title.toUpperCase(), ...(section.note === null ? [] : [section.note]), ...section.lines.map((line) => `${line.label}: ${line.words}${line.wordsBefore === null ? '' : ` (${words.before(line.wordsBefore)})`}`)].join('\n'),
    ), // prettier-ignore
    ...(figures.findings.length > 0
      ? [[words.toKnow.toUpperCase(), ...figures.findings.map((one) => `- ${one.title}`)].join('\n')]
      : []),
  ].join('\n\n');
}

/** A mail of tables, readable everywhere; `link`: where the report stands. */
export function reportHtml(figures: ReportFigures, link: string): string {
  const words = reportWords[figures.language];
  const cell = 'padding:6px 12px 6px 0;border-bottom:1px solid #e3e3e3;text-align:left;vertical-align:top';
  const sections = figures.sections
    .map(
      (section) =>
        `<h2 style="font-size:17px;margin:28px 0 4px">${escape(section.title)}</h2>` +
        (section.note === null ? '' : `<p style="margin:0 0 8px;color:#555">${escape(section.note)}</p>`) +
        `<table role="presentation" cellspacing="0" style="border-collapse:collapse;width:100%">${section.lines
          .map(
            (line) =>
              `<tr><td style="${cell}">${escape(line.label)}</td><td style="${cell};text-align:right"><strong>${escape(line.words)}</strong></td><td style="${cell};text-align:right;color:#555">${line.wordsBefore === null ? '' : escape(words.before(line.wordsBefore))}</td></tr>`,
          )
          .join('')}</table>`,
    )
    .join('');
  const findings = figures.findings
    .map((one) => `<li style="margin:0 0 10px"><strong>${escape(one.title)}</strong><br>${escape(one.because)}</li>`)
    .join('');
  return `<!doctype html><html lang="${figures.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(figures.title)}</title></head><body style="margin:0;background:#f4f4f2;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;color:#222"><div style="max-width:600px;margin:0 auto;padding:28px 24px;background:#fff"><p style="margin:0;color:#555">${escape(figures.store)}</p><h1 style="font-size:22px;margin:4px 0 12px">${escape(figures.title)}</h1>${figures.simulated ? `<p><strong>${words.simulated}</strong></p>` : ''}<p style="font-size:17px">${escape(figures.answer)}</p>${findings === '' ? '' : `<h2 style="font-size:17px;margin:28px 0 8px">${words.toKnow}</h2><ol style="padding-left:20px;margin:0">${findings}</ol>`}${sections}<p style="margin:28px 0 0"><a href="${escape(link)}">${words.open}</a></p></div></body></html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
