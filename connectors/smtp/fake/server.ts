/** The fake: a real SMTP server on 127.0.0.1 that takes, counts and reads mails, and misbehaves where it is told to. */
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { seededRandom, uuidOf, wallClock, type Clock } from '@rekindle/core';
import { faultPlan } from '@rekindle/core/testing';
import { type Fault, type Faults } from './faults.ts';
import { createMailbox, readMail, type FakeMail } from './mailbox.ts';

export interface SmtpFakeOptions {
  seed?: number | string;
  /** Default: any free one */
  port?: number;
  /** Default: the wall clock */
  clock?: Clock;
  /** Default true: nobody is let in without the password. */
  login?: boolean;
  /** Header that holds the sender's own id of a mail. Default X-Rekindle-Message-ID */
  idHeader?: string;
  /** Called with the id of each mail that was taken */
  onAccepted?: (messageIds: string[], at: Date) => void;
  faults?: Faults;
  /** Mails that stay readable, the newest. Default 10,000 */
  keep?: number;
}

export interface SmtpFake {
  /** For SMTP_URL, login included */
  readonly url: string;
  /** How often each message was taken: 1 for every one, unless somebody sent it twice */
  readonly accepted: ReadonlyMap<string, number>;
  readonly counts: { connections: number; mails: number };
  mail: (messageId: string) => FakeMail | undefined;
  /** From now on this recipient is answered with this code (450, 550 …). */
  answerRecipient: (email: string, code: number) => void;
  setFaults(faults: Faults): void;
  /** The next mails meet these. */
  queueFaults(...faults: Fault[]): void;
  /** Breaks every connection, as a server does that starts anew. */
  dropConnections: () => void;
  close: () => Promise<void>;
}

const USER = 'rekindle';
const SLOW_MS = 300;
/** What a fault answers, and to what. */
const ANSWERS = {
  sender: { closing: [421, 'closing'], sender_refused: [553, 'this sender is not welcome'] },
  recipient: { busy: [450, 'greylisted'], refused: [550, '5.1.1 no such user'] },
  mail: { busy_after_data: [451, 'try later'], refused_after_data: [554, '5.7.1 looks like spam'] },
} as const satisfies Record<string, Partial<Record<Fault, [number, string]>>>;

export function startSmtpFake(options: SmtpFakeOptions = {}): Promise<SmtpFake> {
  const seed = String(options.seed ?? 1);
  const clock = options.clock ?? wallClock;
  const password = uuidOf('smtp fake', seed);
  const faults = faultPlan<Fault>(seededRandom(`smtp fake ${seed}`).fork('faults'), options.faults);
  const mailbox = createMailbox(options.keep ?? 10_000);
  const recipients = new Map<string, number>();
  const counts = { connections: 0, mails: 0 };
  const sockets = new Map<number, Socket>();
  /** What the mail that a session is at meets */
  const current = new Map<string, Fault | undefined>();
  const drop = (session: SMTPServerSession): void => void sockets.get(session.remotePort)?.resetAndDestroy();

  const handlers: SMTPServerOptions = {
    onAuth(auth, _session, callback) {
      if (auth.username === USER && auth.password === password) callback(null, { user: USER });
      else callback(null, { responseCode: 535, message: '5.7.8 wrong password' });
    },
    onMailFrom(_address, session, callback) {
      const fault = faults.next();
      current.set(session.id, fault);
      callback(answer(ANSWERS.sender, fault));
    },
    onRcptTo({ address }, session, callback) {
      const code = recipients.get(address);
      if (session.envelope.rcptTo.length > 0) callback(refusal(452, 'one recipient a mail'));
      else if (code !== undefined) callback(refusal(code, `<${address}> is not taken`));
      else callback(answer(ANSWERS.recipient, current.get(session.id)));
    },
    onData(stream, session, callback) {
      const fault = current.get(session.id);
      if (fault === 'drop_before') {
        stream.once('data', () => {
          drop(session);
        });
        stream.resume();
        return;
      }
      take(stream, session, fault).then((wrong) => {
        if (wrong) callback(wrong);
        else if (fault === 'drop_after') drop(session);
        else if (fault === 'slow') setTimeout(callback, SLOW_MS).unref();
        else if (fault !== 'hang') callback();
      }, callback);
    },
  };

  async function take(stream: AsyncIterable<Buffer>, session: SMTPServerSession, fault: Fault | undefined) {
    const raw = await buffer(stream);
    const refused = answer(ANSWERS.mail, fault);
    if (refused) return refused;
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map((to) => to.address) };
    const mail = await readMail(raw, envelope, options.idHeader ?? 'X-Rekindle-Message-ID', clock.now());
    if (typeof mail === 'string') return refusal(554, mail);
    counts.mails++;
    const id = mailbox.take(mail);
    options.onAccepted?.([id], mail.at);
    return undefined;
  }

  const server = new SMTPServer({
    ...handlers,
    disabledCommands: options.login === false ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 1,
    logger: false,
  });
  // Clients break off: that is what this server is for.
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    counts.connections++;
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  const dropConnections = (): void => {
    for (const socket of sockets.values()) socket.resetAndDestroy();
  };

  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const { port } = server.server.address() as AddressInfo;
      const login = options.login === false ? '' : `${USER}:${password}@`;
      resolve({
        url: `smtp://${login}127.0.0.1:${String(port)}`,
        accepted: mailbox.accepted,
        counts,
        mail: mailbox.mail,
        answerRecipient: (email, code) => void recipients.set(email, code),
        setFaults: faults.set,
        queueFaults: faults.queue,
        dropConnections,
        close: () =>
          new Promise((done) => {
            server.close(done);
            dropConnections();
          }),
      });
    });
  });
}

function answer(answers: Partial<Record<Fault, readonly [number, string]>>, fault: Fault | undefined) {
  const found = fault && answers[fault];
  return found ? refusal(...found) : null;
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
