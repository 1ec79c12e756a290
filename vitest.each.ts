/** In every test file: an unexpected console.error or console.warn fails the test that made it. */
import { afterEach, beforeEach, vi } from 'vitest';

function refuse(name: string): (...words: unknown[]) => void {
  return (...words) => {
    throw new Error(`unexpected ${name}: ${words.map(String).join(' ')}`);
  };
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(refuse('console.error'));
  vi.spyOn(console, 'warn').mockImplementation(refuse('console.warn'));
});

afterEach(() => {
  vi.restoreAllMocks();
});
