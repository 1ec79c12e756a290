/**
 * The card in HubSpot's own renderer, for tests: what a salesperson reads and presses, and the calls that leave the browser.
 * The renderer does not stand in for hubspot.fetch: whoever opens the card says what carries its calls.
 */
import { createElement } from 'react';

/** What HubSpot's proxy is handed. */
export interface CardCall {
  method?: string;
  body?: Record<string, unknown>;
}

export interface OpenCard {
  /** Everything that can be read, element by element. */
  texts: () => string[];
  /** Names of the buttons that can be pressed. */
  buttons: () => string[];
  press: (name: string) => void;
  /** What the gauge stands at; undefined: there is none. */
  gauge: () => number | undefined;
  /** Resolves once this can be read. */
  reads: (text: string | RegExp) => Promise<void>;
  /** Shows another contact in the same card. */
  show: (externalId: string) => void;
}

/** Opens the card on a contact. `carry`: what HubSpot does with a call of the card. */
export async function openCard(
  externalId: string,
  carry: (url: string, call: CardCall) => Promise<Response>,
  locale = 'en',
): Promise<OpenCard> {
  // The vendor's module looks for a worker's globals as soon as it is loaded.
  const worker = globalThis as unknown as Record<string, unknown>;
  worker['self'] ??= globalThis;
  worker['extend_V2'] ??= () => undefined;
  worker['hsFetch'] = carry;
  const { createRenderer } = await import('@hubspot/ui-extensions/testing');
  const { Button, LoadingButton, ProgressBar } = await import('@hubspot/ui-extensions');
  const { RekindleCard } = await import('../src/app/cards/rekindle-card.tsx');
  const renderer = createRenderer('crm.record.sidebar');
  const show = (id: string): void => {
    renderer.render(createElement(RekindleCard, { externalId: id, locale }));
  };
  show(externalId);
  const pressable = () =>
    [...renderer.findAll(Button), ...renderer.findAll(LoadingButton)].filter(
      ({ props }) => props.disabled !== true && !('loading' in props && props.loading === true),
    );
  const texts = (): string[] => textsOf(renderer.getRootNode());
  return {
    texts,
    buttons: () => pressable().map(({ text }) => text ?? ''),
    press(name) {
      const button = pressable().find(({ text }) => text === name);
      if (!button) throw new Error(`there is no button ${name}`);
      button.trigger('onClick');
    },
    gauge: () => renderer.maybeFind(ProgressBar)?.props.value,
    async reads(wanted) {
      const isRead = (text: string) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text));
      try {
        await renderer.waitFor(
          () => {
            if (!texts().some(isRead)) throw new Error('not yet');
          },
          { timeoutInMs: 30_000 },
        );
      } catch {
        throw new Error(`not to be read: ${String(wanted)}; to be read: ${texts().join(' | ')}`);
      }
    },
    show,
  };
}

interface Node {
  nodeType: string;
  text: string | null;
  props?: object;
  childNodes?: Node[];
}

/** Text beside what is said by properties: titles and labels. */
function textsOf(node: Node): string[] {
  const said = Object.entries(node.props ?? {}).flatMap(([name, value]) =>
    ['title', 'label', 'valueDescription'].includes(name) && typeof value === 'string' ? [value] : [],
  );
  const children = node.childNodes ?? [];
  const whole = children.length > 0 && children.every((child) => child.nodeType === 'text');
  if (whole) return [...said, children.map((child) => child.text ?? '').join('')];
  return [...said, ...children.flatMap(textsOf)];
}
