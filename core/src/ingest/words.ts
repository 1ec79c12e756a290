/**
 * The newest word on one thing (an address, a country, a name) of each of many, by their numbers. "Newest" is by the time of
 * who said it, and among words of one time the greater one, so that the same words always end the same.
 */
import { larger } from './columns.ts';
import { detached } from './names.ts';
import type { Wire } from './wire.ts';

export class Words {
  /** As it came, so that the same word again is seen at once */
  private raws: string[] = [];
  /** As it is kept; '' for a word that says nothing of use */
  private texts: string[] = [];
  /** ms; -Infinity: nothing was said */
  private times = new Float64Array(1 << 10);

  /** Room for the next number. */
  add(): void {
    const number = this.raws.push('') - 1;
    this.texts.push('');
    if (number === this.times.length) this.times = larger(new Float64Array(number * 2), this.times);
    this.times[number] = Number.NEGATIVE_INFINITY;
  }

  /** Takes a word in if it is the newest. `read` gives it as it is kept, '' for what says nothing. */
  say(number: number, raw: string, at: number, read: (raw: string) => string): void {
    const before = this.times[number] ?? 0;
    if (at < before) return;
    if (raw === this.raws[number]) {
      this.times[number] = at;
      return;
    }
    const text = read(raw);
    if (text === '' || (at === before && text <= (this.texts[number] ?? ''))) return;
    const kept = detached(raw);
    this.raws[number] = kept;
    this.texts[number] = text === raw ? kept : detached(text);
    this.times[number] = at;
  }

  /** Time and word as one text that sorts by time first: 24 characters of ISO 8601, then the word. */
  write(wire: Wire, number: number): void {
    const text = this.texts[number] ?? '';
    if (text === '') wire.none();
    else wire.text(isoOf(this.times[number] ?? 0) + text);
  }

  clear(): void {
    this.raws = [];
    this.texts = [];
  }
}

let lastTime = Number.NaN;
let lastIso = '';

/** What is said of one person is mostly said at one time. */
function isoOf(time: number): string {
  if (time !== lastTime) {
    lastTime = time;
    lastIso = new Date(time).toISOString();
  }
  return lastIso;
}
