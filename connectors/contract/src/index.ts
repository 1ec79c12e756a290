/** What every connector and its fake must hold, asked through the connector's own client and nothing else. */
export { commerceChecks, commerceContract, type CommerceSubject } from './commerce.ts';
export { copyWriterChecks, copyWriterContract, type CopyWriterSubject } from './copy-writer.ts';
export {
  emailProviderChecks,
  emailProviderContract,
  type EmailProviderSubject,
  type Misbehaviour,
  type Received,
} from './email-provider.ts';
export { failedChecks, type Check } from './suite.ts';
