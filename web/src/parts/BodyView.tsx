// SPDX-License-Identifier: Apache-2.0

import { formatBytes } from '../base/format';
import { parseEmbeddedJson } from '../base/json';
import type { Body } from '../model/message';
import { Button } from '../ui/Button';
import { CodeView } from '../ui/CodeView';
import { useContentOf } from './contentSource';

/** A value whole, or its beginning with a way to load the rest. */
export function BodyView(props: { readonly body: Body }) {
  const { body } = props;
  return body.kind === 'inline' ? <CodeView value={body.value} /> : <CutBodyView body={body} />;
}

function CutBodyView(props: { readonly body: Body & { readonly kind: 'cut' } }) {
  const { body } = props;
  const content = useContentOf(body.contentUrl);
  if (content.text !== undefined) return <CodeView value={parseEmbeddedJson(content.text)} />;
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
