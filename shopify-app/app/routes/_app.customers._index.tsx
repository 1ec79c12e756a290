/** Customers: who is slipping away? */
import { readCustomers } from '@rekindle/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { Button, Card } from '@shopify/polaris';
import { CustomerTable } from '../components/customer-table.tsx';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { answer } from '../context.server.ts';
import { customersView, queryFrom, type CustomersView } from '../words/customers.server.ts';
import { PageLink } from '../frame/page-link.tsx';

export const meta: MetaFunction = () => [{ title: 'Customers · Rekindle' }];

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => {
    const query = queryFrom(new URL(args.request.url));
    return customersView(await readCustomers(engine, storeId, query), query);
  });

export default function Customers() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title="Customers" answer={view.answer} note={view.note} />
      <Card padding="0">
        <div className="rk-list-head">
          <nav aria-label="Views" className="rk-views">
            {view.views.map((one) => (
              <PageLink key={one.key} to={one.url} aria-current={one.current ? 'page' : undefined} preventScrollReset>
                {one.label} <small>{one.count}</small>
              </PageLink>
            ))}
          </nav>
          <Filters view={view} />
        </div>
        {view.empty ? (
          <Empty {...view.empty} />
        ) : (
          <CustomerTable rows={view.rows} staged={view.query.view === 'all' || view.query.search !== ''} />
        )}
        {(view.nextUrl !== null || view.query.paged) && (
          <div className="rk-paging">
            {view.query.paged && <Button url={view.firstUrl}>First page</Button>}
            {view.nextUrl !== null && <Button url={view.nextUrl}>Next 50</Button>}
          </div>
        )}
      </Card>
    </>
  );
}

function Filters({ view }: { view: CustomersView }) {
  const { search, sort, view: current } = view.query;
  return (
    <Form method="get" className="rk-filters" key={`${search}/${sort}/${current}`}>
      <input type="hidden" name="view" value={current} />
      <label className="rk-field rk-field--grow">
        <span className="rk-hidden">Search by name, e-mail or customer number</span>
        <input
          type="search"
          name="search"
          defaultValue={search}
          placeholder="Search by name, e-mail or number"
          maxLength={100}
        />
      </label>
      <label className="rk-field">
        <span className="rk-hidden">Sort</span>
        <select name="sort" defaultValue={sort} onChange={(event) => event.currentTarget.form?.requestSubmit()}>
          {view.sorts.map((one) => (
            <option key={one.key} value={one.key}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="rk-button">
        Search
      </button>
    </Form>
  );
}
