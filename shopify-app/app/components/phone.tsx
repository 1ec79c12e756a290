/** A variant as its reader sees it: the line in the inbox, then the mail. The mail runs no script and its links lead nowhere. */
import type { VariantView } from '../words/campaign.server.ts';

export function Phone({
  variant,
  sender,
  version = 'Version',
}: {
  variant: VariantView;
  sender: string;
  version?: string;
}) {
  return (
    <figure className="rk-variant">
      <figcaption>
        <strong>
          {version} {variant.key}
        </strong>{' '}
        <span className="rk-soft">{variant.writer}</span>
      </figcaption>
      <div className="rk-phone">
        <div className="rk-inbox">
          <span className="rk-inbox-from">{sender}</span>
          <span className="rk-inbox-subject">{variant.subject}</span>
          <span className="rk-inbox-preheader">{variant.preheader}</span>
        </div>
        <div className="rk-screen">
          <iframe title={`${version} ${variant.key}: ${variant.subject}`} srcDoc={variant.html} sandbox="" />
        </div>
      </div>
      {variant.figures.length > 0 && (
        <dl className="rk-variant-figures">
          {variant.figures.map((figure) => (
            <div key={figure.label}>
              <dt>{figure.label}</dt>
              <dd>{figure.value}</dd>
            </div>
          ))}
        </dl>
      )}
    </figure>
  );
}
