import { copyWriterContract } from '@rekindle/connector-contract';
import { startOpenaiFake } from './fake/index.ts';
import { openaiWriter } from './src/index.ts';

copyWriterContract('OpenAI', async () => {
  const fake = await startOpenaiFake({ seed: 1 });
  return {
    writer: openaiWriter({ apiKey: fake.apiKey, baseUrl: fake.url, model: 'gpt-5-mini' }),
    told: () => fake.requests.map((request) => request.body),
    becomeUnavailable: () => fake.meet(...Array.from({ length: 10 }, () => ({ kind: 'server_error' as const }))),
    becomeUnreadable: () => fake.meet(...Array.from({ length: 10 }, () => ({ kind: 'not_json' as const }))),
    close: fake.close,
  };
});
