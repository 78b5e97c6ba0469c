// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { useContent } from '../../api/queries';
import { formatBytes } from '../../base/format';
import { parseEmbeddedJson } from '../../base/json';
import type { Body } from '../../model/message';
import { Button } from '../../ui/Button';
import { CodeView } from '../../ui/CodeView';

/** A value whole, or its beginning with a way to load the rest. */
export function BodyView(props: { readonly body: Body }) {
  const { body } = props;
  return body.kind === 'inline' ? <CodeView value={body.value} /> : <CutBodyView body={body} />;
}

function CutBodyView(props: { readonly body: Body & { readonly kind: 'cut' } }) {
  const { body } = props;
  const [isWanted, setWanted] = useState(false);
  const content = useContent(body.contentUrl, isWanted);
  if (content.data !== undefined) return <CodeView value={parseEmbeddedJson(content.data)} />;
  const size = body.size === undefined ? 'a larger body' : formatBytes(body.size);
  const load = (): void => {
    setWanted(true);
    if (content.isError) void content.refetch();
  };
  return (
    <CodeView
      value={body.preview}
      footer={
        <>
          <span>
            {content.isError ? `Cannot load it: ${content.error.message}` : `Beginning of ${size}`}
          </span>
          <Button fit="small" look="quiet" disabled={content.isFetching} onClick={load}>
            {content.isFetching ? 'Loading…' : content.isError ? 'Try again' : 'Load all'}
          </Button>
        </>
      }
    />
  );
}
