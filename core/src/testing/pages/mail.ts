/** A written mail as generation leaves it, small: enough to be looked at. */
export function mailHtml(heading: string, paragraph: string, button: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;background:#f6f3ee;font-family:Arial,sans-serif;color:#222"><div style="max-width:560px;margin:auto;background:#fff;padding:28px 24px">
<p style="font-size:13px;color:#777">Kaffa Roasters</p><h1 style="font-size:24px;line-height:30px">${heading}</h1>
<p style="font-size:16px;line-height:24px">Hello {{ customer.first_name | default: "there" }},</p><p style="font-size:16px;line-height:24px">${paragraph}</p>
<p><a href="{{ link.shop }}" style="display:inline-block;background:#7a3b12;color:#fff;padding:12px 22px;border-radius:6px;text-decoration:none">${button}</a></p>
<p style="font-size:12px;color:#777">1 Test Street, 28001 Madrid. <a href="{{ link.unsubscribe }}">Unsubscribe</a></p></div>
{% if link.open %}<img src="{{ link.open }}" width="1" height="1" alt="">{% endif %}</body></html>`;
}

export const VARIANTS = [
  {
    key: 'a',
    subject: 'Your coffee must be running low',
    preheader: 'The beans you liked were roasted this week.',
    heading: 'Time for a fresh bag?',
    paragraph:
      'It has been a while since your last order. The house blend was roasted this week, and it is at its best for the next four.',
    button: 'See what is fresh',
  },
  {
    key: 'b',
    subject: '{{ customer.first_name | default: "Hello" }}, we kept your usual',
    preheader: 'One tap, and it is on its way.',
    heading: 'Your usual is waiting',
    paragraph: 'We still have what you like. Order today and it leaves the roastery tomorrow morning.',
    button: 'Order my usual',
  },
];
