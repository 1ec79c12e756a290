/** Remembers which store this browser looks at. The server asks again at every request whether it may. */
import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { formOf, textOf } from '../form-text.ts';

export async function action({ request }: ActionFunctionArgs) {
  const form = await formOf(request);
  const store = textOf(form, 'store');
  const back = textOf(form, 'back');
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : '';
  return redirect(/^\/[a-z]*$/.test(back) ? back : '/', {
    headers: {
      'Set-Cookie': `rekindle_store=${encodeURIComponent(store)}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax${secure}`,
    },
  });
}

export const loader = () => redirect('/');
