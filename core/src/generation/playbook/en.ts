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
  second_try: {
    reminder: ({ store, offer }) => ({
      subject: offer ? `Still thinking of you: ${offer.label} at ${store}` : `Still here when you need us`,
      preheader: `A second short hello from ${store}.`,
      heading: 'Perhaps our note came at a bad moment',
      paragraphs: [
        hello,
        `We wrote to you a little while ago and have not seen you at ${store} since. That is quite all right.`,
        offer
          ? `If it helps, the code ${offer.code} gives you ${offer.label} until ${offer.until}.`
          : 'If you still need something, everything is where you left it.',
      ],
      button: 'Have a look',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `Have you seen this at ${store}?` : `A look around ${store}`,
      preheader: product ? `${product}, and a few things beside it.` : 'Perhaps something else is for you.',
      heading: product ? 'Something that others keep choosing' : 'Something else, perhaps',
      paragraphs: [
        hello,
        product
          ? `Perhaps you are looking for something else. Many of our customers choose ${product}; below are a few things more.`
          : 'Perhaps you are looking for something else. It takes a minute to look around.',
        offer
          ? `With the code ${offer.code} you get ${offer.label} until ${offer.until}.`
          : 'If none of it is for you, there is nothing you need to do.',
      ],
      button: 'See what is there',
    }),
  },
  last_word: {
    reminder: ({ store, offer }) => ({
      subject: `We will be quiet now`,
      preheader: `A short note from ${store}, and then none for a while.`,
      heading: 'You know where to find us',
      paragraphs: [
        hello,
        `You have not been at ${store} for some time, so after this note we will not write again for a while.`,
        offer
          ? `Should you come back, the code ${offer.code} gives you ${offer.label} until ${offer.until}.`
          : 'Should you come back one day, you are welcome. The shop is one click away.',
      ],
      button: 'Visit the shop',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `Before we go quiet: what people like at ${store}` : `Before we go quiet`,
      preheader: product ? `${product}, and then no mail for a while.` : 'And then no mail for a while.',
      heading: 'One look before we go quiet',
      paragraphs: [
        hello,
        product
          ? `Before we stop writing for a while: ${product} has found many friends at ${store}. Below is what else people choose.`
          : `Before we stop writing for a while: perhaps there is something for you at ${store}.`,
        offer
          ? `The code ${offer.code} gives you ${offer.label} until ${offer.until}.`
          : 'If not, that is quite all right. You are welcome whenever you like.',
      ],
      button: 'Have a look',
    }),
  },
  second_order: {
    reminder: ({ store, offer }) => ({
      subject: offer ? `For your second order: ${offer.label}` : `How was it?`,
      preheader: `A short question from ${store}.`,
      heading: 'We hope all was well with your order',
      paragraphs: [
        hello,
        `You ordered from ${store} some time ago, and we hope that everything was as it should be. If something was not, please answer this mail.`,
        offer
          ? `For your second order, the code ${offer.code} gives you ${offer.label} until ${offer.until}.`
          : 'And if you liked it, there is more where that came from.',
      ],
      button: 'See the shop',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `What people order next at ${store}` : `What comes next?`,
      preheader: product ? `${product}, and what else people choose.` : `A look around ${store}.`,
      heading: 'What others come back for',
      paragraphs: [
        hello,
        product
          ? `You have tried us once. Many who come back choose ${product}; below are a few things more.`
          : 'You have tried us once. Perhaps it is time to see what else there is.',
        offer
          ? `With the code ${offer.code} you get ${offer.label} until ${offer.until}.`
          : 'If something was not right with your order, please answer this mail. We read it.',
      ],
      button: 'See what is there',
    }),
  },
  welcome_back: {
    reminder: ({ store, offer }) => ({
      subject: `Good to see you again`,
      preheader: `A thank-you from ${store}.`,
      heading: 'Thank you for coming back',
      paragraphs: [
        hello,
        `It had been quite a while, so we were glad to see your order at ${store}. We hope that everything arrived as it should.`,
        offer
          ? `For your next one, the code ${offer.code} gives you ${offer.label} until ${offer.until}.`
          : 'If something was not right, please answer this mail. We read it.',
      ],
      button: 'See the shop',
    }),
    products: ({ store, offer, product }) => ({
      subject: product ? `What you may have missed at ${store}` : `What you may have missed`,
      preheader: product ? `${product}, among others.` : `A look around ${store}.`,
      heading: 'While you were away',
      paragraphs: [
        hello,
        product
          ? `Thank you for your order. While you were away, ${product} has found many friends. Below are a few things more.`
          : `Thank you for your order. A few things have changed at ${store} while you were away.`,
        offer
          ? `With the code ${offer.code} you get ${offer.label} until ${offer.until}.`
          : 'Have a look whenever it suits you.',
      ],
      button: 'See what is there',
    }),
  },
};
