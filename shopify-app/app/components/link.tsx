/** Lets Polaris' buttons and links change pages without loading the document anew. */
import { Link } from '@remix-run/react';
import type { ComponentProps, ReactNode } from 'react';

type Given = Omit<ComponentProps<'a'>, 'href' | 'ref' | 'disabled'> & {
  url?: string;
  external?: boolean;
  children?: ReactNode;
};

export function PolarisLink({ url = '', external, children, ...rest }: Given) {
  if (external === true || /^[a-z]+:/.test(url))
    return (
      <a href={url} rel="noreferrer" {...rest}>
        {children}
      </a>
    );
  return (
    <Link to={url} {...rest}>
      {children}
    </Link>
  );
}
