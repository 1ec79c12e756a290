/**
 * Salesforce's transformer of components, held to the compiler that came with its runner. npm may put a newer compiler beside it
 * (the one that draws the panel for a browser); templates of one release in the engine of another are not what is to be tested.
 */
const { createRequire, registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');

const ofRunner = createRequire(require.resolve('@salesforce/sfdx-lwc-jest/package.json'));
const compilers = new Map(
  ['@lwc/compiler', '@lwc/compiler/package.json', '@lwc/template-compiler'].map((name) => [
    name,
    pathToFileURL(ofRunner.resolve(name)).href,
  ]),
);

const hooks = registerHooks({
  resolve: (name, context, next) =>
    compilers.has(name) ? { url: compilers.get(name), shortCircuit: true } : next(name, context),
});
module.exports = require('@lwc/jest-transformer');
hooks.deregister();
