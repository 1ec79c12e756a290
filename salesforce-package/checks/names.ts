/**
 * Names that one file of the package uses and another must have: fields, labels, classes, credentials. Salesforce would say so
 * on deployment only, and apex-ls does not look at fields in queries.
 */
import { apexSources, queriedFields } from './apex.ts';
import { componentName, sources, textsOf, type Source } from './files.ts';
import type { Problem } from './problem.ts';
import { STANDARD_FIELDS } from './standard-fields.ts';

interface Names {
  fields: Set<string>;
  labels: Set<string>;
  classes: Set<string>;
  namedCredentials: Set<string>;
  principals: Set<string>;
}

export function checkNames(root: string): Problem[] {
  const names = read(root);
  const code = [...apexSources(root), ...sources(root, 'lwc/**/*.js')];
  return [
    ...apexSources(root).flatMap((source) => unknownQueriedFields(source, names)),
    ...code.flatMap((source) => unknownInCode(source, names)),
    ...sources(root, 'permissionsets/*.xml').flatMap((source) => unknownInPermissions(source, names)),
    ...unusedLabels(root, code, names),
    ...ungrantedFields(root, names),
  ];
}

function read(root: string): Names {
  const named = (pattern: string): Set<string> =>
    new Set(sources(root, pattern).map(({ file }) => componentName(file)));
  const fields = sources(root, 'objects/*/fields/*.xml').map(({ file }) => {
    const [object = '', , field = ''] = file.split('/').slice(-3);
    return `${object}.${componentName(field)}`;
  });
  const standard = Object.entries(STANDARD_FIELDS).flatMap(([object, own]) => own.map((field) => `${object}.${field}`));
  const principals = sources(root, 'externalCredentials/*.xml').flatMap(({ file, text }) =>
    textsOf(text, 'parameterName').map((name) => `${componentName(file)}-${name}`),
  );
  return {
    fields: new Set([...fields, ...standard]),
    labels: new Set(sources(root, 'labels/*.xml').flatMap(({ text }) => textsOf(text, 'fullName'))),
    classes: named('classes/*.cls'),
    namedCredentials: named('namedCredentials/*.xml'),
    principals: new Set(principals),
  };
}

function unknownQueriedFields(source: Source, { fields }: Names): Problem[] {
  return queriedFields(source)
    .filter(({ object, field }) => !fields.has(`${object}.${field}`))
    .map(({ object, field, line }) => ({
      file: source.file,
      line,
      says: `${object} has no field ${field}, as far as objects/ and checks/standard-fields.ts know`,
    }));
}

function unknownInCode(source: Source, names: Names): Problem[] {
  const custom = new Set([...names.fields].map((field) => field.split('.')[1]));
  return [
    ...unknown(source, /\b(\w+__c)\b/g, 'no object here has the field', (name) => custom.has(name)),
    ...unknown(source, /@salesforce\/schema\/([\w.]+)/g, 'there is no field', (name) => names.fields.has(name)),
    ...unknown(source, /(?:@salesforce\/label\/c|\bLabel)\.(\w+)/g, 'there is no label', (name) =>
      names.labels.has(name),
    ),
    ...unknown(source, /@salesforce\/apex\/(\w+)\./g, 'there is no class', (name) => names.classes.has(name)),
    ...unknown(source, /'callout:(\w+)/g, 'there is no named credential', (name) => names.namedCredentials.has(name)),
    ...unknown(source, /\bDatabase\.(\w*[qQ]uery\w*)\(/g, 'a query in a string cannot be checked:', () => false),
  ];
}

function unknownInPermissions(source: Source, names: Names): Problem[] {
  const missing = (element: string, known: ReadonlySet<string>, says: string): Problem[] =>
    textsOf(source.text, element)
      .filter((name) => !known.has(name))
      .map((name) => ({ file: source.file, says: `${says} ${name}` }));
  return [
    ...missing('field', names.fields, 'there is no field'),
    ...missing('apexClass', names.classes, 'there is no class'),
    ...missing('externalCredentialPrincipal', names.principals, 'there is no principal'),
  ];
}

/** A label that nothing shows is translated for nobody. */
function unusedLabels(root: string, code: Source[], { labels }: Names): Problem[] {
  const [file] = sources(root, 'labels/*.xml');
  return [...labels]
    .filter((label) => !code.some(({ text }) => new RegExp(String.raw`[./]${label}\b`).test(text)))
    .map((label) => ({ file: file?.file ?? 'labels', says: `nothing shows the label ${label}` }));
}

/** A field that no permission set grants is one that nobody sees: on deployment Salesforce gives it to no one. */
function ungrantedFields(root: string, { fields }: Names): Problem[] {
  return sources(root, 'permissionsets/*.xml').flatMap(({ file, text }) => {
    const granted = new Set(textsOf(text, 'field'));
    return [...fields]
      .filter((field) => field.endsWith('__c') && !granted.has(field))
      .map((field) => ({ file, says: `does not grant ${field}` }));
  });
}

function unknown(source: Source, pattern: RegExp, says: string, known: (name: string) => boolean): Problem[] {
  return source.text.split('\n').flatMap((content, index) =>
    [...content.matchAll(pattern)]
      .map(([, name = '']) => name)
      .filter((name) => !known(name))
      .map((name) => ({ file: source.file, line: index + 1, says: `${says} ${name}` })),
  );
}
