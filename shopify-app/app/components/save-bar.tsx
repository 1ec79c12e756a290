/** Says that something is not saved yet, wherever one has scrolled to, and holds on to it when one is about to leave. */
import { useBlocker } from '@remix-run/react';
import { Button, Modal } from '@shopify/polaris';
import { useEffect } from 'react';

interface Given {
  open: boolean;
  busy: boolean;
  problem: string | null;
  save: () => void;
  discard: () => void;
}

export function SaveBar({ open, busy, problem, save, discard }: Given) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => open && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!open) return;
    const hold = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener('beforeunload', hold);
    return () => {
      window.removeEventListener('beforeunload', hold);
    };
  }, [open]);
  return (
    <>
      {open && (
        <div className="rk-save" role="region" aria-label="Unsaved changes">
          <span role="status">{problem ?? 'Unsaved changes'}</span>
          <div className="rk-actions">
            <Button onClick={discard} disabled={busy}>
              Discard
            </Button>
            <Button variant="primary" onClick={save} loading={busy}>
              Save
            </Button>
          </div>
        </div>
      )}
      {blocker.state === 'blocked' && (
        <Modal
          open
          title="Leave without saving?"
          onClose={() => {
            blocker.reset();
          }}
          primaryAction={{
            content: 'Leave',
            destructive: true,
            onAction: () => {
              blocker.proceed();
            },
          }}
          secondaryActions={[
            {
              content: 'Stay here',
              onAction: () => {
                blocker.reset();
              },
            },
          ]}
        >
          <Modal.Section>Your changes on this page are not saved yet.</Modal.Section>
        </Modal>
      )}
    </>
  );
}
