import { expect, test } from 'vitest';
import { startSalesforceFake } from './fake/index.ts';

test('the fake shows who is there, and the panel where one is given', async () => {
  const fake = await startSalesforceFake();
  const ana = fake.addContact({ lastName: '<Ana>', email: 'ana@example.com' });
  fake.addLead({ lastName: 'Ben' });
  const read = async (path: string): Promise<string> => (await fetch(fake.url + path)).text();
  expect(await read('/')).toContain('&lt;Ana&gt;');
  expect(await read('/?q=ana')).not.toContain('Ben');
  expect(await read(`/people/${ana}`)).toContain('ana@example.com');
  expect((await fetch(`${fake.url}/people/003000000000009AAA`)).status).toBe(404);
  expect(await fake.readPerson(ana)).toMatchObject({
    objectApiName: 'Contact',
    name: '<Ana>',
    fields: { Email: 'ana@example.com', HasOptedOutOfEmail: false, Rekindle_Life_Stage__c: null },
  });
  expect(await fake.readPerson('003000000000009AAA')).toBeNull();
  fake.setPanel(
    async (request) => new Response(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`),
  );
  expect(await read(`/people/${ana}`)).toBe(`GET /people/${ana} `);
  const posted = await fetch(`${fake.url}/people/apex/getPanel`, { method: 'POST', body: '{}' });
  expect(await posted.text()).toBe('POST /people/apex/getPanel {}');
  await fake.close();
});
