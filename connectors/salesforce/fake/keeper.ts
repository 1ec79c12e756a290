/** What people do in Salesforce's own pages: for tests and the demo, which put people there and look at what has become of them. */
import type { Org, Record_ } from './org.ts';

export interface FakePerson {
  firstName?: string;
  lastName: string;
  email?: string;
  phone?: string;
  /** As it is typed into an address: Spain, ES, España */
  country?: string;
  optedOut?: boolean;
  bouncedAt?: string;
}

export interface FakeOpportunity {
  /** Who is its primary contact; undefined: nobody */
  contact?: string | undefined;
  /** Contacts with another role */
  others?: string[];
  amount: number | null;
  /** yyyy-mm-dd */
  closeDate: string;
  currency?: string;
  /** Default Closed Won */
  stage?: string;
}

export interface Keeper {
  addContact(person: FakePerson): string;
  addLead(person: FakePerson & { company?: string }): string;
  addOpportunity(one: FakeOpportunity): string;
  /** Puts a contact or a lead into a campaign by hand; gives the member's id. */
  addMember(campaign: string, person: string): string;
  /** A lead becomes a contact; gives the contact's id. */
  convertLead(id: string): string;
  /** Two contacts become one. */
  mergeContacts(kept: string, gone: string): void;
  change(id: string, fields: Record<string, string | number | boolean | null>): void;
  remove(id: string): void;
  record(id: string): Record_ | undefined;
  records(object: string): Record_[];
}

export function keeperOf(org: Org): Keeper {
  const objectOf = (id: string): string => {
    for (const { name, prefix } of org.description.values()) if (id.startsWith(prefix)) return name;
    throw new Error(`no object has ids like ${id}`);
  };
  const make = (object: string, fields: Record<string, unknown>): string =>
    String(org.create(object, fields, 'keeper')['Id']);
  const personFields = (person: FakePerson): Record<string, unknown> => ({
    FirstName: person.firstName ?? null,
    LastName: person.lastName,
    Email: person.email ?? null,
    Phone: person.phone ?? null,
    HasOptedOutOfEmail: person.optedOut ?? false,
    EmailBouncedDate: person.bouncedAt ?? null,
  });
  const keeper: Keeper = {
    addContact: (person) => make('Contact', { ...personFields(person), MailingCountry: person.country ?? null }),
    addLead: (person) =>
      make('Lead', { ...personFields(person), Company: person.company ?? 'Private', Country: person.country ?? null }),
    addOpportunity({ contact, others = [], amount, closeDate, currency, stage = 'Closed Won' }) {
      const id = make('Opportunity', {
        Name: 'Order',
        Amount: amount,
        CloseDate: closeDate,
        StageName: stage,
        ...(currency === undefined ? {} : { CurrencyIsoCode: currency }),
      });
      for (const other of others) make('OpportunityContactRole', { OpportunityId: id, ContactId: other });
      if (contact !== undefined)
        make('OpportunityContactRole', { OpportunityId: id, ContactId: contact, IsPrimary: true });
      return id;
    },
    addMember: (campaign, person) =>
      make('CampaignMember', { CampaignId: campaign, [person.startsWith('00Q') ? 'LeadId' : 'ContactId']: person }),
    convertLead(id) {
      const lead = org.find('Lead', id);
      if (!lead) throw new Error(`there is no lead ${id}`);
      const contact = make('Contact', {
        ...Object.fromEntries(
          ['FirstName', 'LastName', 'Email', 'Phone', 'MobilePhone', 'HasOptedOutOfEmail'].map((name) => [
            name,
            lead[name],
          ]),
        ),
        MailingCountry: lead['Country'],
      });
      org.change('Lead', id, { IsConverted: true, ConvertedContactId: contact }, 'keeper');
      return contact;
    },
    mergeContacts(kept, gone) {
      for (const role of org.all('OpportunityContactRole'))
        if (role['ContactId'] === gone)
          org.change('OpportunityContactRole', String(role['Id']), { ContactId: kept }, 'keeper');
      org.change('Contact', gone, { MasterRecordId: kept }, 'keeper');
      org.remove('Contact', gone);
    },
    change(id, fields) {
      org.change(objectOf(id), id, fields, 'keeper');
    },
    remove(id) {
      org.remove(objectOf(id), id);
    },
    record: (id) => org.find(objectOf(id), id),
    records: (object) => org.all(object),
  };
  return keeper;
}
