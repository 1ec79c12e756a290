/** "Do not mail", asked a second time before it is done: it cannot be taken back from here. */
import { Alert, Button, Flex, LoadingButton, Text } from '@hubspot/ui-extensions';
import { useState } from 'react';
import { doNotMail, type Panel } from './panel.ts';
import type { Words } from './words.ts';

interface Props {
  externalId: string;
  panel: Panel;
  words: Words;
  onDone: (panel: Panel) => void;
}

export function DoNotMail({ externalId, panel, words, onDone }: Props) {
  const [step, setStep] = useState<'idle' | 'asked' | 'doing' | 'failed'>('idle');
  if (!mayBeSaid(panel) && step !== 'failed') return null;
  if (step === 'idle')
    return (
      <Button variant="secondary" size="sm" onClick={() => setStep('asked')}>
        {words.stop}
      </Button>
    );
  const confirm = (): void => {
    setStep('doing');
    doNotMail(externalId).then(
      (now) => {
        setStep('idle');
        onDone(now);
      },
      () => setStep('failed'),
    );
  };
  return (
    <Alert title={words.stopTitle(panel.customer?.name ?? words.person)} variant="warning">
      <Flex direction="column" gap="xs">
        <Text>{step === 'failed' ? words.stopFailed : words.stopText}</Text>
        <Flex gap="xs">
          <LoadingButton variant="destructive" size="sm" loading={step === 'doing'} onClick={confirm}>
            {step === 'doing' ? words.stopping : words.stopYes}
          </LoadingButton>
          <Button variant="secondary" size="sm" disabled={step === 'doing'} onClick={() => setStep('idle')}>
            {words.cancel}
          </Button>
        </Flex>
      </Flex>
    </Alert>
  );
}

/** Also where nothing goes out today, but might later: she is held back, or is to be asked for her permission. */
function mayBeSaid({ consent, heldBack, nextAction }: Panel): boolean {
  return consent.mayMail || heldBack !== null || nextAction.code === 'ask_consent';
}
