/** One thing on a page: a card with a heading. */
import { Card } from '@shopify/polaris';
import { useId, type ReactNode } from 'react';

interface Given {
  title: string;
  badge?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, badge, aside, children }: Given) {
  const id = useId();
  return (
    <Card padding="0">
      <section className="rk-panel" aria-labelledby={id}>
        <div className="rk-panel-head">
          <h2 id={id}>{title}</h2>
          {badge}
          {aside && <div className="rk-panel-aside">{aside}</div>}
        </div>
        {children}
      </section>
    </Card>
  );
}
