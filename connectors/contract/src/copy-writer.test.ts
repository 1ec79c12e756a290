/** The copywriter's suite itself: the built-in playbook passes every check, and each fault makes some check fail. */
import { describe, expect, test } from 'vitest';
import { fail, playbookWriter, type CopyWriter } from '@rekindle/core';
import { copyWriterChecks, copyWriterContract, type CopyWriterSubject } from './copy-writer.ts';
import { failedChecks } from './suite.ts';

const here = (writer: CopyWriter): Promise<CopyWriterSubject> =>
  Promise.resolve({ writer, close: () => Promise.resolve() });

copyWriterContract('The playbook', () => here(playbookWriter));

describe('the copywriter’s suite', () => {
  const broken: Record<string, (writer: CopyWriter) => CopyWriter['write']> = {
    'writes too little': (writer) => async (brief) => (await writer.write(brief)).slice(1),
    'writes the same twice': (writer) => async (brief) => {
      const drafts = await writer.write(brief);
      return drafts.map(() => drafts[0] ?? fail('internal', 'none')) as typeof drafts;
    },
    'leaves the button empty': (writer) => async (brief) =>
      (await writer.write(brief)).map((draft) => ({ ...draft, button: '' })),
    'asks for a last name': (writer) => async (brief) =>
      (await writer.write(brief)).map((draft) => ({ ...draft, heading: 'Dear {{ customer.last_name }}' })),
    'makes up an offer': (writer) => async (brief) =>
      (await writer.write(brief)).map((draft) => ({ ...draft, paragraphs: ['Use BACK15 for 15 % off.'] })),
    'knows one language': (writer) => (brief) =>
      writer.write({ ...brief, language: 'en', offer: undefined, goal: 'win_back' }),
  };
  test.each(Object.entries(broken))('catches one that %s', async (_, change) => {
    const setup = () => here({ name: 'broken', write: change(playbookWriter) });
    expect(await failedChecks(copyWriterChecks, setup)).not.toEqual([]);
  });
});
