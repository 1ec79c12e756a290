/** A copywriter by the OpenAI API. It is told a brief and nothing else; what it writes passes core's guard before use. */
import type { CopyWriter } from '@rekindle/core';
import { openaiClient, type OpenaiOptions } from './client.ts';
import { draftsOf, explain, requestFor } from './map.ts';

/** Writes as many drafts as the brief asks for. Throws `writer_unavailable` or `writer_refused`. */
export function openaiWriter(options: OpenaiOptions): CopyWriter {
  const client = openaiClient(options);
  return {
    name: `openai:${options.model}`,
    async write(brief) {
      try {
        const completion = await client.chat.completions.create(requestFor(brief, options.model));
        const { usage } = completion;
        if (usage) options.onUsage?.({ input: usage.prompt_tokens, output: usage.completion_tokens });
        return draftsOf(completion);
      } catch (error) {
        throw explain(error);
      }
    },
  };
}
