/** The built-in mails in English. Warm, plain, short; nothing that is not in the brief. */
import type { Copy } from './copy.ts';

const hello = 'Hello {{ customer.first_name | default: "there" }},';

export const en: Copy = {
  win_back: {
    reminder: ({ store, offer }) => ({
      subject: offer ? `It has been a while: ${offer.label} at ${store}` : `It has been a while`,
      preheader: offer ? `A small thank-you for coming back to ${store}.` : `A short hello from ${store}.`,
      heading: 'We would be glad to see you again',
      paragraphs: [
        hello,
        `It has been some time since you last ordered from ${store}, and we wanted to say hello.`,
        offer
          ? `To make coming back easier, here is ${offer.label} on your next order. The code is ${offer.code}, and it is good until ${offer.until}.`
          : 'There is nothing you need to do. If you feel like having a look around, the shop is one click away.',
      ],
      button: offer ? 'Use it in the shop' : 'Have a look',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `Customers at ${store} like this now` : `What is new at ${store}`,
      preheader: product ? `${product}, and what else people choose.` : 'A quick look at what is in the shop.',
      heading: product ? 'What people choose at the moment' : 'See what is in the shop',
      paragraphs: [
        hello,
        product
          ? `Since you were last here, one thing has found many friends: ${product}. Below are the ones people order most.`
          : 'A few things have changed since you were last here. Have a look, perhaps something is for you.',
        offer
          ? `If you find something you like, ${offer.label} is yours with the code ${offer.code} until ${offer.until}.`
          : 'Perhaps one of them is for you. And if not, there is more in the shop.',
      ],
      button: 'See what is there',
    }),
  },
  reminder: {
    reminder: ({ store, offer }) => ({
      subject: offer ? `Running low? ${offer.label} at ${store}` : 'Is it time again?',
      preheader: `About now you usually order from ${store}.`,
      heading: 'Perhaps it is time again',
      paragraphs: [
        hello,
        `About now you usually order something from ${store}. In case it slipped your mind, this is a friendly reminder.`,
        offer
          ? `With the code ${offer.code} your next order comes with ${offer.label}, until ${offer.until}.`
          : 'If you still have enough of everything, just leave it. We are here when you need us.',
      ],
      button: 'Order again',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `Also liked at ${store}` : `Back at ${store}?`,
      preheader: product ? `${product}, among others.` : 'Your next order is a few clicks away.',
      heading: product ? 'Something beside the usual?' : 'Ready when you are',
      paragraphs: [
        hello,
        product
          ? `If you are about to order again, have a look at ${product}. Other customers often add it.`
          : 'If you are about to order again, everything is where you left it.',
        offer
          ? `The code ${offer.code} gives you ${offer.label} until ${offer.until}.`
          : 'Take your time; the shop is open whenever it suits you.',
      ],
      button: 'Go to the shop',
    }),
  },
};
