// SPDX-License-Identifier: Apache-2.0

import { formatBytes } from '../base/format';
import { isArray, isObject, parseEmbeddedJson } from '../base/json';
import { prettyText } from '../base/jsonText';
import type { Body } from '../model/message';
import { Button } from '../ui/Button';
import { CodeView } from '../ui/CodeView';
import { CopyButton } from '../ui/CopyButton';
import { JsonTree } from '../ui/JsonTree';
import styles from './BodyView.module.css';
import { useContentOf } from './contentSource';
import { useTextMode } from './textMode';

/** A value as a tree or as text, whichever it is. */
export function ValueView(props: { readonly value: unknown }) {
  const { value } = props;
  const mode = useTextMode();
  const isStructured = isArray(value) || isObject(value);
  if (!isStructured || mode === 'raw') return <CodeView value={value} />;
  return (
    <div className={styles.tree}>
      <JsonTree value={value} openDepth={2} />
      <CopyButton className={styles.copy} label="Copy" text={() => prettyText(value)} />
    </div>
  );
}

/** A value whole, or its beginning with a way to load the rest. */
export function BodyView(props: { readonly body: Body; readonly isProse?: boolean }) {
  const { body } = props;
  return body.kind === 'inline' ? (
    <ValueView value={body.value} />
  ) : (
    <CutBodyView {...props} body={body} />
  );
}

function CutBodyView(props: {
  readonly body: Body & { readonly kind: 'cut' };
  readonly isProse?: boolean;
}) {
  const { body, isProse = false } = props;
  const content = useContentOf(body.contentUrl);
  if (content.text !== undefined)
    return <ValueView value={isProse ? content.text : parseEmbeddedJson(content.text)} />;
  const size = body.size === undefined ? 'a larger body' : formatBytes(body.size);
  return (
    <CodeView
      value={body.preview}
      footer={
        <>
          <span>
            {content.error === undefined
              ? `Beginning of ${size}`
              : `Cannot load it: ${content.error}`}
          </span>
          <Button fit="small" look="quiet" disabled={content.isLoading} onClick={content.load}>
            {content.isLoading
              ? 'Loading…'
              : content.error === undefined
                ? 'Load all'
                : 'Try again'}
          </Button>
        </>
      }
    />
  );
}
