/** The panel outside of Salesforce: for the local run and for tests in a browser. Nothing of it is installed anywhere. */
export { buildPanel } from './build.ts';
export { salesforcePreview, type PreviewOptions, type PreviewRecord } from './salesforce.ts';
