import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keysFrom } from '../keys.ts';
import { uuidOf } from '../random.ts';
import { kindOfReply, readReplyName, replyName, writtenIn, type ReplyFacts } from './index.ts';

const keys = keysFrom('a secret of the tests');
const answered = { storeId: uuidOf('store'), messageId: uuidOf('message') };

describe('the address that a mail is answered at', () => {
  test('comes back as the mail, whatever a mail server does to the letters, and fits before an @', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (storeId, messageId) => {
        const name = replyName(keys, { storeId, messageId });
        expect(name).toMatch(/^r1[a-z2-7]{60}$/);
        const read = readReplyName(keys, name.toUpperCase());
        expect(read?.messageId).toBe(messageId);
        expect(read?.isOf(storeId)).toBe(true);
        expect(read && read.from <= storeId && storeId <= read.until).toBe(true);
        expect(name).not.toContain(messageId.slice(0, 8));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test('the version 1 of today is readable for ever', () => {
    const old = 'r1mjfypdfen3mjn4tm6obkdospi3c7vq7azf7h6iox6hsksqekirolvlkzibnq';
    expect(replyName(keys, answered)).toBe(old);
    expect(readReplyName(keys, old)).toMatchObject({ messageId: answered.messageId });
  });

  test('changed in one letter, of another store or another secret it is nobody’s', () => {
    const name = replyName(keys, answered);
    fc.assert(
      fc.property(fc.nat({ max: 61 }), fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), (place, letter) => {
        const changed = name.slice(0, place) + letter + name.slice(place + 1);
        if (changed !== name) expect(readReplyName(keys, changed)?.isOf(answered.storeId) ?? false).toBe(false);
      }),
      { seed: 3, numRuns: 500 },
    );
    expect(readReplyName(keys, name)?.isOf(uuidOf('another store'))).toBe(false);
    expect(readReplyName(keysFrom('another secret'), name)?.isOf(answered.storeId)).toBe(false);
    for (const other of ['', 'hello', `${name}a`, name.slice(0, -1), name.replace('r1', 'r2')])
      expect(readReplyName(keys, other)).toBeUndefined();
  });
});

const written: ReplyFacts = { headers: {}, returnPath: 'ana@mail.example', subject: 'Re: Tea', text: 'Hello' };
const kind = (facts: Partial<ReplyFacts>) => kindOfReply({ ...written, ...facts });

describe('who answered', () => {
  test.each<Partial<ReplyFacts>>([
    { headers: { 'auto-submitted': 'auto-replied' } },
    { headers: { 'auto-submitted': 'Auto-Generated; owner-email="x@y"' } },
    { headers: { 'x-autoreply': 'yes' } },
    { headers: { 'x-autorespond': '' } },
    { headers: { precedence: 'Auto_Reply' } },
    { headers: { precedence: 'bulk' } },
    { headers: { 'x-auto-response-suppress': 'All' } },
    { returnPath: '' },
    { returnPath: '<>' },
    { subject: 'Automatic reply: Tea' },
    { subject: 'Out of Office: back on Monday' },
    { subject: 'Respuesta automática: Té' },
    { subject: 'Fuera de la oficina' },
  ])('a machine: %j', (facts) => {
    expect(kind({ ...facts, text: 'unsubscribe' })).toBe('auto');
  });

  test.each<Partial<ReplyFacts>>([
    { headers: { 'auto-submitted': 'no' } },
    { headers: { precedence: 'first-class' } },
    { text: 'When do you open on Sunday? I could not stop drinking this tea.' },
    { text: 'Please do not unsubscribe me, I like these mails!' },
    { text: 'I don’t want to unsubscribe, only to know whether you ship to Chile.' },
    { text: 'No quiero darme de baja, ¿hacéis envíos a Chile?' },
    { text: `${'My parcel never came, and I have written three times. '.repeat(5)}If nobody answers, unsubscribe me.` },
    { text: '' },
    { subject: 'Re: Out of tea', text: 'I am out of tea.' },
  ])('a person: %j', (facts) => {
    expect(kind(facts)).toBe('person');
  });

  test.each<Partial<ReplyFacts>>([
    { text: 'unsubscribe' },
    { text: 'UNSUBSCRIBE!!!' },
    { text: 'Please unsubscribe me.' },
    { text: 'STOP' },
    { text: 'Stop sending me these, please' },
    { text: 'Remove me from your list' },
    { text: 'no more mails' },
    { text: 'How do I unsubscribe?' },
    { text: 'Baja' },
    { text: 'BAJA, por favor.' },
    { text: 'Quiero darme de baja' },
    { text: 'Por favor, denme de baja de la lista.' },
    { text: 'No quiero recibir más correos' },
    { text: 'No me envíen más' },
    { text: 'Dejen de escribirme' },
    { text: '', subject: 'Unsubscribe' },
    { text: '', subject: 'BAJA' },
    { text: 'Unsubscribe\n\nAna García\nCalle Mayor 1' },
  ])('wants out: %j', (facts) => {
    expect(kind(facts)).toBe('unsubscribe');
  });
});

describe('what she wrote', () => {
  test.each([
    ['Yes, please!\r\n\r\n> Hello Ana,\r\n> we miss you', 'Yes, please!'],
    ['Thank you\n\nOn Mon, 2 Mar 2026 at 10:00, Café Alba <hello@alba.example> wrote:\n> Hello', 'Thank you'],
    [
      'Thank you\n\nOn Monday the 2nd of March 2026, a long name of a long shop\n<hello@alba.example> wrote:\n\nHello',
      'Thank you',
    ],
    ['Gracias\n\nEl lun, 2 mar 2026 a las 10:00, Café Alba (<hola@alba.example>) escribió:\n\n> Hola', 'Gracias'],
    ['Sí\n\n-----Mensaje original-----\nDe: Café Alba', 'Sí'],
    ['Sí\n\n________________________________\nDe: Café Alba <hola@alba.example>', 'Sí'],
    ['OK\n\nSent from my iPhone', 'OK'],
    ['On Monday I wrote: nothing', 'On Monday I wrote: nothing'],
    ['> only quoted', ''],
    ['', ''],
  ])('%j', (mail, own) => {
    expect(writtenIn(mail)).toBe(own);
  });

  test('is cut where it is a book, and whole characters only', () => {
    expect(writtenIn('🙂'.repeat(3000)).isWellFormed()).toBe(true);
    expect(writtenIn('a'.repeat(10_000))).toHaveLength(4000);
  });

  test('takes no time, whatever stands in it', () => {
    for (const text of ['On '.repeat(20_000), `${'On a '.repeat(4000)}\n`.repeat(20), `From: ${'a'.repeat(100_000)}`])
      expect(typeof kind({ text: writtenIn(text) })).toBe('string');
  });
});
