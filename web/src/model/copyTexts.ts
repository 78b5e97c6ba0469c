// SPDX-License-Identifier: Apache-2.0

import { toAnthropic, toOpenAi } from './copyFormats';
import type { CallFacts } from './copyFormats';
import type { Conversation } from './message';
import { plainText } from './message';

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command for a shell; the key stays in a variable. */
export function toCurl(conversation: Conversation, facts: CallFacts): string {
  const isAnthropic = facts.model?.includes('claude') === true;
  const body = isAnthropic ? toAnthropic(conversation, facts) : toOpenAi(conversation, facts);
  const [url, headers] = isAnthropic
    ? [
        'https://api.anthropic.com/v1/messages',
        ['x-api-key: $ANTHROPIC_API_KEY', 'anthropic-version: 2023-06-01'],
      ]
    : ['https://api.openai.com/v1/chat/completions', ['Authorization: Bearer $OPENAI_API_KEY']];
  const lines = [
    `curl ${url}`,
    ...headers.map((header) => `-H "${header}"`),
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body, undefined, 2))}`,
  ];
  return lines.join(' \\\n  ');
}

/** The conversation for people: a heading for each message. */
export function toMarkdown(title: string, conversation: Conversation): string {
  const sections = [
    ...(conversation.system.length === 0 ? [] : [`## system\n\n${plainText(conversation.system)}`]),
    ...conversation.input.map((message) => `## ${message.role}\n\n${plainText(message.parts)}`),
    ...conversation.output.map(
      (message) => `## ${message.role} (answer)\n\n${plainText(message.parts)}`,
    ),
  ];
  return `# ${title}\n\n${sections.join('\n\n')}\n`;
}
