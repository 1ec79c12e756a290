/** Asks for the page's data again while something is under way, as long as somebody is looking. */
import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

/** Milliseconds between two looks. */
const EVERY = 3000;

export function useLookAgain(wanted: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!wanted || state !== 'idle') return;
    // One look after the other: a slow answer is waited for.
    const timer = setInterval(() => {
      if (!document.hidden) revalidate();
    }, EVERY);
    return () => {
      clearInterval(timer);
    };
  }, [wanted, state, revalidate]);
}
