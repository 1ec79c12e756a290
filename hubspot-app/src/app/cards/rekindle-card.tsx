/** The card on a contact: one request, the last known state while it is asked again, and a sentence for whatever goes wrong. */
import { Alert, Button, EmptyState, ErrorState, Flex, hubspot, LoadingSpinner, Text } from '@hubspot/ui-extensions';
import { useCallback, useEffect, useRef, useState } from 'react';
import { DoNotMail } from './do-not-mail.tsx';
import { loadPanel, PanelError, type Panel, type Trouble } from './panel.ts';
import { PanelView } from './panel-view.tsx';
import { wordsFor, type Words } from './words.ts';

interface Props {
  /** The contact's id in HubSpot */
  externalId: string;
  /** Of who looks at it */
  locale?: string | undefined;
}

export function RekindleCard({ externalId, locale }: Props) {
  const { panel, asking, trouble, refresh, setPanel } = usePanel(externalId);
  const words = wordsFor(panel?.store.language ?? locale);
  if (!panel)
    return trouble ? (
      <Failed trouble={trouble} words={words} refresh={refresh} />
    ) : (
      <LoadingSpinner label={words.loading} showLabel layout="centered" />
    );
  return (
    <Flex direction="column" gap="sm">
      {trouble && (
        <Alert title={words.failedTitle} variant="warning">
          {words.stale}
        </Alert>
      )}
      {panel.state === 'unknown' ? (
        <EmptyState title={words.unknownTitle} imageName="contacts" flush>
          <Text>{words.unknown}</Text>
        </EmptyState>
      ) : (
        <>
          <PanelView panel={panel} words={words} />
          <DoNotMail key={externalId} externalId={externalId} panel={panel} words={words} onDone={setPanel} />
        </>
      )}
      {asking ? (
        <LoadingSpinner label={words.refreshing} showLabel size="xs" />
      ) : (
        <Button variant="transparent" size="xs" onClick={refresh}>
          {trouble ? words.again : words.refresh}
        </Button>
      )}
    </Flex>
  );
}

function Failed({ trouble, words, refresh }: { trouble: Trouble; words: Words; refresh: () => void }) {
  const connected = trouble !== 'not_connected';
  return (
    <ErrorState title={connected ? words.failedTitle : words.notConnectedTitle} type={connected ? 'error' : 'lock'}>
      <Text>{connected ? words.failed : words.notConnected}</Text>
      <Button variant="secondary" size="sm" onClick={refresh}>
        {words.again}
      </Button>
    </ErrorState>
  );
}

interface Known {
  of: string;
  panel: Panel | undefined;
}

/** What is known of the contact now. An answer that comes after a later question is nobody's any more. */
function usePanel(externalId: string) {
  const [known, setKnown] = useState<Known>({ of: externalId, panel: undefined });
  const [asking, setAsking] = useState(true);
  const [trouble, setTrouble] = useState<Trouble>();
  const question = useRef(0);

  const refresh = useCallback(() => {
    const mine = ++question.current;
    setAsking(true);
    loadPanel(externalId)
      .then(
        (panel) => ({ panel }),
        (error: unknown) => ({ trouble: error instanceof PanelError ? error.trouble : ('unreachable' as const) }),
      )
      .then((answer) => {
        if (mine !== question.current) return;
        setAsking(false);
        if ('panel' in answer) setKnown({ of: externalId, panel: answer.panel });
        setTrouble('trouble' in answer ? answer.trouble : undefined);
      })
      .catch(() => undefined);
  }, [externalId]);
  useEffect(refresh, [refresh]);

  const setPanel = useCallback(
    (panel: Panel) => {
      // A question that is under way was asked before this.
      question.current++;
      setAsking(false);
      setTrouble(undefined);
      setKnown({ of: externalId, panel });
    },
    [externalId],
  );
  // What was known of another contact is not this one's.
  return { panel: known.of === externalId ? known.panel : undefined, asking, trouble, refresh, setPanel };
}

hubspot.extend<'crm.record.sidebar'>(({ context }) => (
  <RekindleCard externalId={String(context.crm.objectId)} locale={context.user.locale} />
));
