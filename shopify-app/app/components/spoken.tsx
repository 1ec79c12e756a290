/** A page whose words are in another language than the frame's: said to screen readers and to whoever hyphenates or translates. */
import type { ReactNode } from 'react';

export function Spoken({ language, children }: { language: string; children: ReactNode }) {
  return (
    <div className="rk-spoken" lang={language}>
      {children}
    </div>
  );
}
