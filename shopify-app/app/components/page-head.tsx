/** The top of every page: its name, the answer to its question, and what one may do. */
import type { ReactNode } from 'react';
import { FrameTitle } from '../frame/title.tsx';

interface Given {
  title: string;
  answer: string;
  note?: string | null;
  badge?: ReactNode;
  actions?: ReactNode;
  back?: ReactNode;
}

export function PageHead({ title, answer, note, badge, actions, back }: Given) {
  return (
    <header className="rk-head">
      <FrameTitle title={title} />
      {back}
      <div className="rk-head-row">
        <h1>
          {title} {badge}
        </h1>
        {actions && <div className="rk-actions">{actions}</div>}
      </div>
      <p className="rk-answer">{answer}</p>
      {note && <p className="rk-note">{note}</p>}
    </header>
  );
}
