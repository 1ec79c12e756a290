/** SendGrid, as far as we use it, on this machine: for tests, the demo and local runs. Nothing it takes leaves the machine. */
export { startSendGridFake, type SendGridFake, type SendGridFakeOptions } from './server.ts';
export type { Fault, Faults } from './faults.ts';
export type { EmittedEvent, EmitOptions } from './webhook.ts';
export type { WrittenMail } from './inbound.ts';
export type { FakeMail } from './mailbox.ts';
