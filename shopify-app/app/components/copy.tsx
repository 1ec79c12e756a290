/** Text to take away. Where a page may not write to the clipboard (a frame in another's page), the text is marked instead. */
import { Button } from '@shopify/polaris';
import { useRef, useState } from 'react';

interface Given {
  text: string;
  /** What it is, for those who only hear the button */
  about: string;
  words: { copy: string; copied: string; selected: string };
}

export function Copy({ text, about, words }: Given) {
  const code = useRef<HTMLElement>(null);
  const [told, setTold] = useState('');
  const mark = () => {
    const range = document.createRange();
    if (code.current) range.selectNodeContents(code.current);
    window.getSelection()?.removeAllRanges();
    window.getSelection()?.addRange(range);
    setTold(words.selected);
  };
  return (
    <span className="rk-copy">
      <code ref={code}>{text}</code>
      <span className="rk-copy-button">
        <Button
          size="slim"
          accessibilityLabel={`${words.copy}: ${about}`}
          onClick={() => {
            navigator.clipboard.writeText(text).then(() => {
              setTold(words.copied);
            }, mark);
          }}
        >
          {words.copy}
        </Button>
        <span role="status" className="rk-small">
          {told}
        </span>
      </span>
    </span>
  );
}
