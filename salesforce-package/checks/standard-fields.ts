/** The fields of Salesforce itself that the package names. One that is not here is added by a person who has looked it up. */
export const STANDARD_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Contact: ['Id', 'HasOptedOutOfEmail'],
  Lead: ['Id', 'HasOptedOutOfEmail'],
  Profile: ['Id', 'Name'],
};
