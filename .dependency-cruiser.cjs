/**
 * Who may import whom: the law of the house, kept by `npm run check`. Each rule has a tree that breaks it in
 * scripts/boundaries.test.ts.
 */
const { globSync, readFileSync } = require('node:fs');
const path = require('node:path');

const STAGES =
  'ingest|scoring|segments|campaigns|journeys|generation|scheduling|delivery|events|measurement|insights|reports|writeback|consent|preferences|replies|accounts|domain|reading|replay|jobs';
const TESTS = '\\.test\\.tsx?$|^core/src/testing/|^(e2e|bench)/|^vitest\\.|^connectors/contract/';
const LOCAL = '^server/src/(local|demo|reliability)(/|\\.ts$)';

/** Files that package.json#exports opens to other workspaces. */
const doors = globSync('{core,server,shopify-app,e2e,bench,connectors/*}/package.json', { cwd: __dirname }).flatMap(
  (file) => {
    const { exports = {} } = JSON.parse(readFileSync(path.join(__dirname, file), 'utf8'));
    return Object.values(exports).map(
      (entry) => `^${path.posix.join(path.posix.dirname(file), entry).replaceAll('.', '\\.')}$`,
    );
  },
);

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule('no-cycles', 'What needs each other belongs together or has a third thing in it.', {}, { circular: true }),
    rule(
      'core-stands-alone',
      'Core imports nothing else of ours.',
      { path: '^core/' },
      { path: '^(connectors|server|shopify-app|hubspot-app|salesforce-package|extensions|e2e|bench)/' },
    ),
    rule(
      'core-no-vendor',
      'No SDK of a shop, a CRM, a mail or model provider, and no HTTP framework in core: a port and a connector instead.',
      { path: '^core/' },
      {
        path: 'node_modules/(@shopify|@hubspot|@?jsforce|@salesforce|@sendgrid|nodemailer|resend|postmark|@aws-sdk|mailgun|openai|@anthropic-ai|@google|hono|@hono|express|fastify|@remix-run)',
      },
    ),
    rule(
      'connectors-import-core-only',
      'A connector knows core and itself. The contract suite is for its tests.',
      { path: '^connectors/([^/]+)/', pathNot: '\\.test\\.ts$' },
      { path: '^(connectors|server|shopify-app|e2e|bench)/', pathNot: '^connectors/$1/' },
    ),
    rule(
      'connectors-do-not-meet',
      'Not even in tests.',
      { path: '^connectors/([^/]+)/' },
      { path: '^(connectors|server|shopify-app|e2e|bench)/', pathNot: '^connectors/($1|contract)/' },
    ),
    rule(
      'fakes-stay-out-of-production',
      'A stand-in for a vendor is for tests, the local run, the demo and the benches.',
      { pathNot: [TESTS, LOCAL, '^connectors/[^/]+/fake/', '^salesforce-package/preview/'] },
      { path: '^connectors/[^/]+/fake/|^salesforce-package/preview/' },
    ),
    rule(
      'testing-stays-out-of-production',
      'core/testing is for tests, the local run, the demo, fakes and the benches.',
      { pathNot: [TESTS, LOCAL, '^connectors/[^/]+/fake/', '^scripts/', '/testing/'] },
      { path: '^core/src/testing/' },
    ),
    rule(
      'shopify-app-imports-core',
      'Pages ask core; of the connectors only the Shopify SDK’s one builder.',
      { path: '^shopify-app/' },
      { path: '^(connectors|server|e2e|bench)/', pathNot: '^connectors/shopify/' },
    ),
    rule(
      'panels-speak-http',
      'hubspot-app, salesforce-package and extensions are shipped to other machines: they import nothing of ours.',
      { path: '^(hubspot-app|salesforce-package|extensions)/' },
      { path: '^(core|connectors|server|shopify-app|e2e|bench|scripts)/' },
    ),
    rule(
      'nobody-imports-tests',
      'e2e, benches and scripts stand on top.',
      { path: '^(core|connectors|server|shopify-app)/', pathNot: '\\.test\\.tsx?$' },
      { path: '^(e2e|bench|scripts)/|\\.test\\.tsx?$' },
    ),
    rule(
      'sql-in-stores-only',
      'The database is spoken to in *.store.ts and core/src/database.',
      { path: '^(core|server|connectors|shopify-app)/', pathNot: ['\\.store\\.ts$', '^core/src/database/', TESTS] },
      { path: 'node_modules/(kysely|pg|pg-copy-streams|@prisma|prisma)/' },
    ),
    rule(
      'stages-have-one-door',
      'Another stage is entered by its index.ts.',
      { path: '^core/src/([^/]+)', pathNot: TESTS },
      { path: `^core/src/(${STAGES})/`, pathNot: ['^core/src/$1/', '/index\\.ts$'] },
    ),
    rule(
      'mathematics-is-pure',
      'Models and statistics are numbers in, numbers out: no node built-in, no database, no engine.',
      { path: '^core/src/(scoring/models|measurement/statistics)/', pathNot: '\\.test\\.ts$' },
      { path: '^core/src/(database/|engine\\.ts|ports\\.ts|clock\\.ts|config\\.ts|log\\.ts)|\\.store\\.ts$' },
    ),
    rule(
      'mathematics-needs-nothing',
      'The same for packages and what Node brings; zod may check the shape of what comes in.',
      { path: '^core/src/(scoring/models|measurement/statistics)/', pathNot: '\\.test\\.ts$' },
      { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'], pathNot: 'node_modules/zod/' },
    ),
    rule(
      'no-deep-imports',
      'Another workspace is entered by what its package.json#exports opens. e2e and bench may look inside: they ship nowhere.',
      { path: '^(core|server|shopify-app|connectors/[^/]+)/' },
      { path: '^(core|server|shopify-app|e2e|bench|connectors/[^/]+)/', pathNot: ['^$1/', ...doors] },
    ),
    rule(
      'only-declared-packages',
      'A package stands in the package.json of whoever imports it.',
      {},
      // What tests run on is the whole house's, declared at the root.
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/(vitest|fast-check)/' },
    ),
    rule(
      'resolvable',
      'Every import leads somewhere; what Salesforce itself provides, its own compiler and checks/names.ts look after.',
      {},
      { couldNotResolve: true, pathNot: '^(@salesforce/(apex|i18n|label|schema)|lightning|c)/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(build|\\.cache|\\.rekindle)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
