/** A report as PDF: the kept figures on A4, with the standard fonts, so that nothing is fetched or shipped. */
import PDFDocument from 'pdfkit';
import type { ReportFigures } from './figures.ts';
import { reportWords } from './words.ts';

const MARGIN = 56;
const INK = '#222222';
const SOFT = '#5c5c5c';
const RULE = '#dddddd';

/** `madeAt` is the document's date: the same report gives the same bytes. */
export function reportPdf(figures: ReportFigures, madeAt: Date): Promise<Uint8Array> {
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    info: { Title: winAnsi(`${figures.store}: ${figures.title}`), CreationDate: madeAt, ModDate: madeAt, Producer: 'Rekindle', Creator: 'Rekindle' },
    lang: figures.language,
    displayTitle: true,
  }); // prettier-ignore
  const parts: Uint8Array[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (part: Uint8Array) => parts.push(part));
    document.on('end', () => {
      resolve(Buffer.concat(parts));
    });
    document.on('error', reject);
  });
  draw(document, figures);
  document.end();
  return done;
}

function draw(document: PDFKit.PDFDocument, figures: ReportFigures): void {
  const words = reportWords[figures.language];
  const width = document.page.width - 2 * MARGIN;
  const text = (what: string, size: number, options: { bold?: boolean; color?: string; gap?: number } = {}): void => {
    document
      .font(options.bold === true ? 'Helvetica-Bold' : 'Helvetica')
      .fontSize(size)
      .fillColor(options.color ?? INK)
      .text(winAnsi(what), MARGIN, document.y, { width, lineGap: 2 });
    document.y += options.gap ?? 4;
  };
  text(figures.store, 10, { color: SOFT });
  text(figures.title, 20, { bold: true, gap: 8 });
  if (figures.simulated) text(words.simulated, 10, { bold: true });
  text(figures.answer, 12, { gap: 10 });
  if (figures.findings.length > 0) {
    text(words.toKnow, 13, { bold: true });
    for (const finding of figures.findings) {
      text(`•  ${finding.title}`, 10, { bold: true, gap: 0 });
      text(finding.because, 9, { color: SOFT, gap: 6 });
    }
    document.y += 6;
  }
  for (const section of figures.sections) {
    // A heading never stands alone at a page's foot.
    if (document.y > document.page.height - MARGIN - 90) document.addPage();
    text(section.title, 13, { bold: true });
    if (section.note !== null) text(section.note, 9, { color: SOFT });
    for (const line of section.lines) drawLine(document, line, { width, before: words.before });
    document.y += 12;
  }
}

function drawLine(document: PDFKit.PDFDocument, line: ReportFigures['sections'][number]['lines'][number], { width, before }: { width: number; before: (value: string) => string }): void {
  if (document.y > document.page.height - MARGIN - 20) document.addPage();
  const y = document.y + 4;
  document.font('Helvetica').fontSize(10).fillColor(INK).text(winAnsi(line.label), MARGIN, y, { width: width * 0.5, lineBreak: false });
  document.font('Helvetica-Bold').text(winAnsi(line.words), MARGIN + width * 0.5, y, { width: width * 0.25, align: 'right', lineBreak: false });
  document.font('Helvetica').fillColor(SOFT).text(line.wordsBefore === null ? '' : winAnsi(before(line.wordsBefore)), MARGIN + width * 0.75, y, { width: width * 0.25, align: 'right', lineBreak: false });
  document.moveTo(MARGIN, y + 15).lineTo(MARGIN + width, y + 15).lineWidth(0.5).strokeColor(RULE).stroke();
  document.y = y + 15;
} // prettier-ignore

/** The standard fonts know Windows-1252 only: what they lack is written plainly. */
function winAnsi(text: string): string {
  return text
    .replaceAll('\u202f', ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll('→', 'to')
    .replaceAll('−', '-')
    .replace(/[^\u0000-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/g, '?');
}
