/** A writer of mails: enough drafts, in the language asked for, with nothing in them that a mail cannot hold. */
import { expect } from 'vitest';
import { MAIL_GOALS, type Brief, type CopyWriter, type Draft } from '@rekindle/core';
import { registerSuite, type Check, type Closable } from './suite.ts';

export interface CopyWriterSubject extends Closable {
  writer: CopyWriter;
  /** Everything that left this process for the writer, as text; for a writer that works here: undefined. */
  told?: () => string[];
  /** From now on the writer cannot be reached. Undefined: it works here and always can. */
  becomeUnavailable?: () => void;
  /** The next answer is not drafts. */
  becomeUnreadable?: () => void;
}

export function copyWriterContract(name: string, setup: () => Promise<CopyWriterSubject>): void {
  registerSuite(`${name} keeps the copywriter's contract`, copyWriterChecks, setup);
}

function briefOf(change: Partial<Brief> = {}): Brief {
  return {
    language: 'en',
    store: { name: 'Corner Tea Shop', website: 'https://shop.example', voice: 'Warm and plain.' },
    goal: 'win_back',
    products: ['Green tea', 'Stoneware cup'],
    variants: 2,
    ...change,
  };
}

const OFFER: Brief['offer'] = {
  kind: 'percent',
  label: '15 %',
  code: 'BACK15',
  until: new Date('2026-04-01T21:59:59Z'),
};

function textOf(draft: Draft): string {
  return [draft.subject, draft.preheader, draft.heading, ...draft.paragraphs, draft.button].join('\n');
}

const PLACEHOLDER = /\{\{\s*([\w.]+)/g;

export const copyWriterChecks: readonly Check<CopyWriterSubject>[] = [
  {
    name: 'writes as many different drafts as asked for, each complete',
    async run({ writer }) {
      for (const variants of [1, 2]) {
        const drafts = await writer.write(briefOf({ variants }));
        expect(drafts).toHaveLength(variants);
        expect(new Set(drafts.map(textOf)).size).toBe(variants);
        for (const draft of drafts) {
          for (const part of [draft.subject, draft.heading, draft.button, ...draft.paragraphs])
            expect(part).toMatch(/\w/);
          expect(draft.paragraphs.length).toBeGreaterThan(0);
          expect(draft.subject).not.toMatch(/[\r\n]/);
        }
      }
    },
  },
  {
    name: 'writes in every language that a brief may ask for, with and without an offer, for every goal',
    async run({ writer }) {
      const texts = new Set<string>();
      for (const language of ['en', 'es'] as const)
        for (const goal of MAIL_GOALS)
          for (const offer of [undefined, OFFER]) {
            const [draft] = await writer.write(briefOf({ language, goal, offer, variants: 1 }));
            if (!draft) throw new Error('no draft');
            texts.add(`${language} ${textOf(draft)}`);
            if (offer === undefined) expect(textOf(draft)).not.toContain('BACK15');
          }
      expect(texts.size).toBeGreaterThanOrEqual(4);
    },
  },
  {
    name: 'uses no placeholder but the first name',
    async run({ writer }) {
      for (const draft of await writer.write(briefOf()))
        for (const [, name] of textOf(draft).matchAll(PLACEHOLDER)) expect(name).toBe('customer.first_name');
    },
  },
  {
    name: 'writes without products to name',
    async run({ writer }) {
      expect(await writer.write(briefOf({ products: [], variants: 1 }))).toHaveLength(1);
    },
  },
  {
    name: 'is told the brief and nothing else',
    async run({ writer, told }) {
      if (!told) return;
      await writer.write(briefOf());
      const words = told();
      expect(words.length).toBeGreaterThan(0);
      // No address of a person: the brief holds none, so none may be there.
      for (const text of words) expect(text).not.toMatch(/[\w.]+@[\w-]+\.\w+/);
    },
  },
  {
    name: 'says so when it cannot be reached',
    async run({ writer, becomeUnavailable }) {
      if (!becomeUnavailable) return;
      becomeUnavailable();
      await expect(writer.write(briefOf())).rejects.toMatchObject({ code: 'writer_unavailable' });
    },
  },
  {
    name: 'gives no half-read drafts',
    async run({ writer, becomeUnreadable }) {
      if (!becomeUnreadable) return;
      becomeUnreadable();
      await expect(writer.write(briefOf())).rejects.toMatchObject({
        code: expect.stringMatching(/^writer_(refused|unavailable)$/) as string,
      });
    },
  },
];
