/** Mails by the hour of the recipients' own clocks. */
import type { CampaignView } from '../words/campaign.server.ts';

export function Hours({ sent }: { sent: NonNullable<CampaignView['sent']> }) {
  return (
    <figure className="rk-figure">
      <div className="rk-hours" role="img" aria-label={sent.finding}>
        {sent.hours.map((one) => (
          <span
            key={one.hour}
            title={`${one.hour}: ${one.count}`}
            style={{ height: `${String(Math.max(one.height * 100, 1))}%` }}
            data-empty={one.height === 0 || undefined}
          />
        ))}
      </div>
      <div className="rk-hours-ticks" aria-hidden="true">
        {[0, 6, 12, 18].map((hour) => (
          <span key={hour}>{sent.hours[hour]?.hour}</span>
        ))}
      </div>
      <figcaption>
        {sent.busiest}
        {sent.gain && (
          <>
            {' '}
            <strong>{sent.gain.sentence}</strong> {sent.gain.how}
          </>
        )}
      </figcaption>
    </figure>
  );
}
