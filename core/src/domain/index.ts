/** The domain that mails come from: what must stand in its DNS, and that nothing is sent while it does not. */
export { domainOf, within } from './alignment.ts';
export { addDomain, checkDomain, checkDueDomain, domainCheckDue, judge } from './check.ts';
export { readCheck, type DomainCheck } from './domain.store.ts';
export { domainGate, readGate, type Gate } from './gate.ts';
export { lookAt } from './look.ts';
export type { Blocker, DomainReport, DomainRow, LookState, Problem, RowName, SeenRecord } from './report.ts';
export { domainSentence, providerName, type DomainLanguage } from './words.ts';
export { changeSenderAddress, type SenderAddress } from './sender.ts';
