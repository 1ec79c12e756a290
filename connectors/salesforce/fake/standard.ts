/**
 * The standard objects and fields that a Sales Cloud organisation has, as far as the connector touches them, and some that it
 * must not write. From the Object Reference, API version 66.0.
 */
import type { Description, Field, FieldType, ObjectFields } from './fields.ts';

/** name, type (length), and what may be done: c made with, u changed, r required. Nothing: Salesforce's own. */
const SYSTEM = [
  'Id id',
  'IsDeleted boolean',
  'CreatedDate datetime',
  'SystemModstamp datetime',
  'LastModifiedDate datetime',
];

const PERSON = [
  'FirstName string(40) cu',
  'LastName string(80) cur',
  'Name string(121)',
  'Title string(128) cu',
  'Email email(80) cu',
  'Phone phone(40) cu',
  'MobilePhone phone(40) cu',
  'HasOptedOutOfEmail boolean cu',
  'EmailBouncedDate datetime cu',
  'EmailBouncedReason string(255) cu',
  'Description textarea(32000) cu',
];

const OBJECTS: Record<string, { prefix: string; fields: string[] }> = {
  Account: { prefix: '001', fields: ['Name string(255) cur'] },
  Contact: {
    prefix: '003',
    fields: [
      ...PERSON,
      'AccountId reference(Account:Account) cu',
      'MasterRecordId reference(Contact:MasterRecord)',
      'IsEmailBounced boolean',
      'MailingCity string(40) cu',
      'MailingCountry string(80) cu',
    ],
  },
  Lead: {
    prefix: '00Q',
    fields: [
      ...PERSON,
      'Company string(255) cur',
      'Status picklist(255) cu',
      'Country string(80) cu',
      'IsConverted boolean c',
      'ConvertedContactId reference(Contact:ConvertedContact)',
      'ConvertedDate date',
      'MasterRecordId reference(Lead:MasterRecord)',
    ],
  },
  Opportunity: {
    prefix: '006',
    fields: [
      'Name string(120) cur',
      'AccountId reference(Account:Account) cu',
      'ContactId reference(Contact:Contact) c',
      'CampaignId reference(Campaign:Campaign) cu',
      'Amount currency(18.2) cu',
      'CloseDate date cur',
      'StageName picklist(255) cur',
      'IsWon boolean',
      'IsClosed boolean',
    ],
  },
  OpportunityContactRole: {
    prefix: '00K',
    fields: [
      'OpportunityId reference(Opportunity:Opportunity) cr',
      'ContactId reference(Contact:Contact) cur',
      'Role picklist(255) cu',
      'IsPrimary boolean cu',
    ],
  },
  Campaign: {
    prefix: '701',
    fields: [
      'Name string(80) cur',
      'Description textarea(32000) cu',
      'IsActive boolean cu',
      'Type picklist(255) cu',
      'Status picklist(255) cu',
      'StartDate date cu',
      'EndDate date cu',
      'NumberSent double(18.0) cu',
      'NumberOfContacts double(9.0)',
    ],
  },
  CampaignMember: {
    prefix: '00v',
    fields: [
      'CampaignId reference(Campaign:Campaign) cr',
      'ContactId reference(Contact:Contact) c',
      'LeadId reference(Lead:Lead) c',
      'Status picklist(40) cu',
      'HasResponded boolean',
    ],
  },
};

/** With `currencies` every record says its currency, as in an organisation that has several. */
export function standardObjects(currencies: boolean): Description {
  return new Map(
    Object.entries(OBJECTS).map(([name, { prefix, fields }]) => {
      const all = [...SYSTEM, ...fields, ...(currencies ? ['CurrencyIsoCode picklist(3) cu'] : [])].map(read);
      const object: ObjectFields = {
        name,
        prefix,
        fields: new Map(all.map((field) => [field.name.toLowerCase(), field])),
      };
      return [name.toLowerCase(), object];
    }),
  );
}

function read(line: string): Field {
  const [, name = '', type = '', size = '', may = ''] = /^(\w+) (\w+)(?:\(([\w.:]+)\))?(?: (\w+))?$/.exec(line) ?? [];
  const [object = '', relationship = ''] = size.split(':');
  const [precision, scale] = size.split('.').map(Number);
  return {
    name,
    type: type as FieldType,
    ...(type === 'reference' ? { to: { object, relationship } } : {}),
    ...(/^(string|textarea|email|phone|picklist)$/.test(type) ? { length: Number(size) } : {}),
    ...(/^(currency|double|percent)$/.test(type) ? { digits: (precision ?? 18) - (scale ?? 0) } : {}),
    createable: may.includes('c'),
    updateable: may.includes('u'),
    required: may.includes('r'),
    filterable: type !== 'textarea',
  };
}
