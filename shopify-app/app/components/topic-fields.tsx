/** What mails are about, a topic a row, with its name in each language of the mails. */
import { Button, Select, TextField } from '@shopify/polaris';
import { readTopics, type SettingsForm } from '../settings-form.ts';

const MOST = 8;

interface Given {
  form: SettingsForm;
  error: string | undefined;
  change: (part: Partial<SettingsForm>) => void;
}

export function TopicFields({ form, error, change }: Given) {
  const topics = readTopics(form.topics);
  const save = (next: typeof topics) => {
    change({ topics: JSON.stringify(next) });
  };
  const name = (place: number, language: 'en' | 'es', label: string) => (
    <TextField
      label={`${label} ${String(place + 1)}`}
      autoComplete="off"
      maxLength={60}
      value={topics[place]?.[language] ?? ''}
      onChange={(value) => {
        save(topics.map((topic, i) => (i === place ? { ...topic, [language]: value } : topic)));
      }}
      {...(error !== undefined && topics[place]?.[language].trim() === '' ? { error } : {})}
    />
  );
  return (
    <>
      {topics.map((topic, place) => (
        <div className="rk-topic" key={topic.key}>
          {name(place, 'en', 'In English')}
          {name(place, 'es', 'In Spanish')}
          <Button
            disabled={topics.length === 1}
            accessibilityLabel={`Remove ${topic.en}`}
            onClick={() => {
              save(topics.filter((one) => one.key !== topic.key));
            }}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button
          disabled={topics.length >= MOST}
          onClick={() => {
            save([...topics, { key: freeKey(topics), en: '', es: '' }]);
          }}
        >
          Add a topic
        </Button>
      </div>
      <Select
        label="Win-back mails are about"
        name="winBackTopic"
        options={topics.map(({ key, en }) => ({ value: key, label: en === '' ? 'The new topic' : en }))}
        value={form.winBackTopic}
        onChange={(winBackTopic) => {
          change({ winBackTopic });
        }}
      />
    </>
  );
}

/** People's wishes name topics by their key: one that was removed is not used again at once. */
function freeKey(topics: readonly { key: string }[]): string {
  const taken = new Set(topics.map(({ key }) => key));
  let number = topics.length + 1;
  while (taken.has(`topic-${String(number)}`)) number++;
  return `topic-${String(number)}`;
}
