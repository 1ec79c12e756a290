/** OpenAI as a copywriter. */
export type { OpenaiOptions } from './client.ts';
export { openaiWriter } from './write.ts';
