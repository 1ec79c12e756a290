/** Runs the components' tests with Salesforce's own stand-ins: `npx sfdx-lwc-jest` in this folder. */
const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

module.exports = {
  ...jestConfig,
  testMatch: ['<rootDir>/force-app/**/__tests__/*.test.js'],
  transform: { '^.+\\.(js|html|css)$': require.resolve('./jest.transformer.cjs') },
};
