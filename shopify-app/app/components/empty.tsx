/** Nothing to show yet: what will be here, what is missing, one way on. */
import { Button } from '@shopify/polaris';

export function Empty({
  title,
  text,
  link,
}: {
  title: string;
  text: string;
  link: { label: string; url: string } | null;
}) {
  return (
    <div className="rk-empty">
      <h2>{title}</h2>
      <p>{text}</p>
      {link && <Button url={link.url}>{link.label}</Button>}
    </div>
  );
}
