// SPDX-License-Identifier: Apache-2.0

import { fetchContent } from '../../api/runQueries';
import type { WholeSpan } from '../../api/decodeTrace';
import { readNumber } from '../../base/json';
import { prettyText } from '../../base/jsonText';
import { toAnthropic, toOpenAi, wholeConversation } from '../../model/copyFormats';
import type { CallFacts } from '../../model/copyFormats';
import { toCurl, toMarkdown } from '../../model/copyTexts';
import type { Body, Conversation, SpanDetail } from '../../model/message';
import { plainText } from '../../model/message';
import type { Span } from '../../model/span';
import type { CopyItem } from '../../ui/CopyMenu';

function numberOf(detail: SpanDetail, key: string): number | undefined {
  const body = detail.attributes.find(([name]) => name === key)?.[1];
  return body?.kind === 'inline' ? readNumber({ value: body.value }, 'value') : undefined;
}

function callFacts(span: Span, detail: SpanDetail): CallFacts {
  return {
    model: span.model,
    temperature: numberOf(detail, 'gen_ai.request.temperature'),
    maxTokens: numberOf(detail, 'gen_ai.request.max_tokens'),
  };
}

async function bodyText(body: Body): Promise<string> {
  return body.kind === 'inline' ? prettyText(body.value) : fetchContent(body.contentUrl);
}

function callItems(
  span: Span,
  detail: SpanDetail,
  conversation: Conversation,
): readonly CopyItem[] {
  const facts = callFacts(span, detail);
  const whole = (): Promise<Conversation> => wholeConversation(conversation, fetchContent);
  const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
  return [
    {
      id: 'answer',
      label: 'Answer as text',
      text: async () =>
        (await whole()).output.map((message) => plainText(message.parts)).join('\n\n'),
    },
    {
      id: 'markdown',
      label: 'Conversation as Markdown',
      text: async () => toMarkdown(span.name, await whole()),
    },
    {
      id: 'openai',
      label: 'Request as OpenAI JSON',
      text: async () => json(toOpenAi(await whole(), facts)),
    },
    {
      id: 'anthropic',
      label: 'Request as Anthropic JSON',
      text: async () => json(toAnthropic(await whole(), facts)),
    },
    { id: 'curl', label: 'Request as curl', text: async () => toCurl(await whole(), facts) },
  ];
}

/** The forms in which a span can be copied. */
export function copyItems(span: Span, whole: WholeSpan | undefined): readonly CopyItem[] {
  const items: CopyItem[] = [
    { id: 'link', label: 'Link to this span', text: () => window.location.href },
  ];
  const detail = whole?.detail;
  if (detail?.conversation !== undefined)
    items.push(...callItems(span, detail, detail.conversation));
  const { input, output } = detail ?? {};
  if (input !== undefined) items.push({ id: 'input', label: 'Input', text: () => bodyText(input) });
  if (output !== undefined)
    items.push({ id: 'output', label: 'Output', text: () => bodyText(output) });
  if (whole !== undefined)
    items.push({
      id: 'raw',
      label: 'Span as JSON',
      text: () => JSON.stringify(whole.raw, undefined, 2),
    });
  items.push({ id: 'id', label: 'Span id', text: () => span.id });
  return items;
}
