/** Resend, as far as we use it, on this machine: for tests and local runs. Nothing it takes leaves the machine. */
export { startResendFake, type ResendFake, type ResendFakeOptions } from './server.ts';
export type { Fault, Faults } from './faults.ts';
export type { EmittedEvent, EmitOptions } from './webhook.ts';
export type { FakeMail } from './mailbox.ts';
