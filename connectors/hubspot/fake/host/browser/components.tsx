/**
 * HubSpot's components as plain HTML, as far as the card uses them: HubSpot draws its own on its own pages and hands none out.
 * A card that uses another one cannot be bundled.
 */
import type { ReactNode } from 'react';

interface Children {
  children?: ReactNode;
}

export function Alert({ title, variant = 'info', children }: Children & { title: string; variant?: string }) {
  return (
    <section className={`alert ${variant}`} role={variant === 'warning' ? 'alert' : 'status'}>
      <strong>{title}</strong>
      <div>{children}</div>
    </section>
  );
}

interface ButtonProps extends Children {
  onClick?: () => void;
  disabled?: boolean;
  variant?: string;
}

export function Button({ children, onClick, disabled = false, variant = 'secondary' }: ButtonProps) {
  return (
    <button type="button" className={variant} disabled={disabled} onClick={() => onClick?.()}>
      {children}
    </button>
  );
}

export function LoadingButton({ loading = false, ...rest }: ButtonProps & { loading?: boolean }) {
  return <Button {...rest} disabled={loading || rest.disabled === true} />;
}

export function Divider() {
  return <hr />;
}

export function EmptyState({ title, children }: Children & { title?: string }) {
  return (
    <div className="state">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export const ErrorState = EmptyState;

export function Flex({
  children,
  direction = 'row',
  gap = 'flush',
  wrap,
}: Children & { direction?: string; gap?: string; wrap?: boolean }) {
  return <div className={`flex ${direction} gap-${gap} ${wrap === true ? 'wrap' : ''}`}>{children}</div>;
}

export function Heading({ children }: Children) {
  return <h3>{children}</h3>;
}

export function List({ children }: { children: ReactNode[] }) {
  return (
    <ul>
      {children.map((child, place) => (
        <li key={place}>{child}</li>
      ))}
    </ul>
  );
}

export function LoadingSpinner({ label }: { label: string }) {
  return (
    <p className="spinner" role="status">
      {label} …
    </p>
  );
}

interface ProgressBarProps {
  value?: number;
  maxValue?: number;
  valueDescription?: string;
  'aria-label'?: string;
}

export function ProgressBar({ value = 0, maxValue = 100, valueDescription, ...rest }: ProgressBarProps) {
  return (
    <div>
      <progress max={maxValue} value={value} aria-label={rest['aria-label']} />
      <small>{valueDescription}</small>
    </div>
  );
}

export function Tag({ children, variant = 'default' }: Children & { variant?: string }) {
  return <span className={`tag ${variant}`}>{children}</span>;
}

export const StatusTag = Tag;

interface TextProps extends Children {
  variant?: string;
  format?: { fontWeight?: string };
}

export function Text({ children, variant, format }: TextProps) {
  const bold = format?.fontWeight !== undefined;
  return variant === 'microcopy' ? <small>{children}</small> : <p className={bold ? 'bold' : ''}>{children}</p>;
}

interface Context {
  context: { crm: { objectId: number }; user: { locale: string } };
}

let registered: ((props: Context) => ReactNode) | undefined;

export const hubspot = {
  extend(card: (props: Context) => ReactNode): void {
    registered = card;
  },
  /** To the page's own server, which signs the call and passes it on. */
  fetch: (url: string, call: { method?: string; body?: unknown }): Promise<Response> =>
    fetch('/hs-fetch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url, method: call.method, body: call.body }),
    }),
};

/** The card that the bundle brought. */
export function registeredCard(props: Context): ReactNode {
  return registered?.(props);
}
