/** What is kept of one person, for her to be handed: fetched by somebody of the store. */
import { readExport } from '@rekindle/core';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { answer } from '../context.server.ts';

export const loader = (args: LoaderFunctionArgs) =>
  answer(args, async ({ engine, storeId }) => {
    const id = args.params['id'] ?? '';
    return new Response(await readExport(engine, storeId, id), {
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Disposition': `attachment; filename="person-${/^[\w-]+$/.test(id) ? id : 'export'}.json"`,
        'Cache-Control': 'no-store',
      },
    });
  });
