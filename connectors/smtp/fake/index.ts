/** A mail server on this machine, for tests and local runs. Nothing it takes leaves the machine. */
export { startSmtpFake, type SmtpFake, type SmtpFakeOptions } from './server.ts';
export type { Fault, Faults } from './faults.ts';
export type { FakeMail } from './mailbox.ts';
