/** What is known of a person, laid out for a column of 400 pixels. Consent and "held back" are never hidden. */
import { Alert, Divider, Flex, Heading, List, ProgressBar, StatusTag, Tag, Text } from '@hubspot/ui-extensions';
import type { ReactNode } from 'react';
import type { Panel } from './panel.ts';
import type { Words } from './words.ts';

interface Props {
  panel: Panel;
  words: Words;
}

export function PanelView({ panel, words }: Props) {
  return (
    <Flex direction="column" gap="sm">
      <Summary panel={panel} words={words} />
      {panel.heldBack !== null && (
        <Alert title={words.heldBack} variant="warning">
          {panel.heldBack}
        </Alert>
      )}
      {panel.reasons.length > 0 && (
        <Section title={words.why}>
          <List variant="unordered-styled">
            {panel.reasons.map((reason) => (
              <Text key={reason}>{reason}</Text>
            ))}
          </List>
        </Section>
      )}
      <Section title={words.next}>
        <Text format={{ fontWeight: 'demibold' }}>{panel.nextAction.words}</Text>
      </Section>
      <Divider />
      <Section title={words.touches}>
        <Touches panel={panel} words={words} />
      </Section>
      <Section title={words.consent}>
        <Text>
          {panel.consent.words}
          {panel.consent.until !== null && ` (${words.until(dayOf(panel.consent.until, words))})`}
        </Text>
      </Section>
    </Flex>
  );
}

function Summary({ panel, words }: Props) {
  const { chanceToReturn, lifeStage, value, nextOrder, missing, store, scoredAt } = panel;
  const percent = chanceToReturn === null ? undefined : Math.round(chanceToReturn * 100);
  return (
    <Flex direction="column" gap="xs">
      <Flex gap="xs" wrap>
        {lifeStage && <StatusTag variant="default">{lifeStage.words}</StatusTag>}
        {store.simulated && <Tag variant="warning">{words.simulated}</Tag>}
      </Flex>
      <Heading>{panel.headline}</Heading>
      {percent !== undefined && (
        <ProgressBar
          value={percent}
          maxValue={100}
          showPercentage
          aria-label={words.gauge(percent)}
          valueDescription={words.gauge(percent)}
        />
      )}
      {[value, nextOrder, missing].map((sentence) => sentence !== null && <Text key={sentence}>{sentence}</Text>)}
      {scoredAt !== null && <Text variant="microcopy">{words.scored(dayOf(scoredAt, words))}</Text>}
    </Flex>
  );
}

function Touches({ panel, words }: Props) {
  if (panel.touches.length === 0) return <Text>{words.noTouches}</Text>;
  return (
    <Flex direction="column" gap="flush">
      {panel.touches.map((touch) => (
        <Text key={`${touch.at} ${touch.words}`}>
          {touch.on}: {touch.words}
        </Text>
      ))}
    </Flex>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Flex direction="column" gap="flush">
      <Text format={{ fontWeight: 'bold' }}>{title}</Text>
      {children}
    </Flex>
  );
}

/** A day ('2026-03-01') has no zone; an instant is told in that of whoever looks. */
function dayOf(text: string, words: Words): string {
  const day = new Date(text);
  if (Number.isNaN(day.getTime())) return text;
  const zone = /^\d{4}-\d\d-\d\d$/.test(text) ? { timeZone: 'UTC' } : {};
  return new Intl.DateTimeFormat(words.locale, { day: 'numeric', month: 'long', year: 'numeric', ...zone }).format(day);
}
