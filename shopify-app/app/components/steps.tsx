/** What may be done now. Nothing happens in one click: a dialogue says to how many, when, and how to stop it. */
import { useFetcher } from '@remix-run/react';
import { Button, Modal } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import type { Done } from '../context.server.ts';
import type { Step } from '../words/campaign-steps.server.ts';
import { Told } from './told.tsx';

export function Steps({ steps, notNow = 'Not now' }: { steps: Step[]; notNow?: string }) {
  const fetcher = useFetcher<Done>();
  const [asked, setAsked] = useState<Step | null>(null);
  const busy = fetcher.state !== 'idle';
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data) setAsked(null);
  }, [fetcher.state, fetcher.data]);
  return (
    <>
      <div className="rk-actions">
        {steps.map((step) => (
          <Button
            key={step.name}
            variant={step.primary ? 'primary' : 'secondary'}
            size="large"
            onClick={() => {
              setAsked(step);
            }}
          >
            {step.label}
          </Button>
        ))}
      </div>
      <Told what={fetcher.data} />
      {asked && (
        <Modal
          open
          title={asked.confirm.title}
          onClose={() => {
            setAsked(null);
          }}
          primaryAction={{
            content: asked.confirm.button,
            destructive: asked.confirm.destructive,
            loading: busy,
            onAction: () => {
              fetcher.submit({ step: asked.name }, { method: 'post' });
            },
          }}
          secondaryActions={[
            {
              content: notNow,
              onAction: () => {
                setAsked(null);
              },
            },
          ]}
        >
          <Modal.Section>
            <div className="rk-stack rk-confirm">
              {asked.confirm.lines.map((line) => (
                <p key={line}>{line}</p>
              ))}
            </div>
          </Modal.Section>
        </Modal>
      )}
    </>
  );
}
