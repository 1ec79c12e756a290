/** A browser for tests: the machine's own Chrome where there is one, else the Chromium that came with the packages. */
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Containers run as root, where Chrome's sandbox cannot; the only pages it opens are ours. */
const FLAGS = ['--no-sandbox', '--disable-gpu'];

/** As a person's Chrome: what a headless one calls itself is turned away by servers that keep robots out. */
export const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';

export async function openBrowser(): Promise<Browser> {
  for (const executablePath of INSTALLED)
    if (await exists(executablePath)) return chromium.launch({ executablePath, args: FLAGS });
  // Not the package's own flags: they put everything in one process and switch the same-origin policy off.
  const executablePath = await sparticuz.executablePath();
  // It brings a font along: pages look the same on a machine that has none.
  const env = { ...process.env, FONTCONFIG_PATH: path.join(tmpdir(), 'fonts') };
  return chromium.launch({ executablePath, args: FLAGS, env });
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
