// SPDX-License-Identifier: Apache-2.0

import { formatBytes } from '../base/format';
import type { Body, MessagePart } from '../model/message';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { useContentOf } from './contentSource';
import styles from './MessagesView.module.css';

type Media = MessagePart & { readonly type: 'media' };

/** Pictures that a browser draws without running anything. */
const drawable = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;

/** Bytes that a base64 text of so many characters stands for. */
function bytesOf(characters: number): number {
  return Math.floor((characters * 3) / 4);
}

function sizeOf(data: Body | undefined): number | undefined {
  if (data === undefined) return undefined;
  if (data.kind === 'cut') return data.size === undefined ? undefined : bytesOf(data.size);
  return typeof data.value === 'string' ? bytesOf(data.value.length) : undefined;
}

/** A picture as a small one, anything else as what it is and how large; never its bytes as text. */
export function MediaView(props: { readonly part: Media }) {
  const { part } = props;
  const { data, mimeType } = part;
  const size = sizeOf(data);
  const facts = [part.modality, mimeType, size === undefined ? undefined : formatBytes(size)];
  const isDrawable = mimeType !== undefined && drawable.test(mimeType);
  return (
    <figure className={styles.media}>
      {isDrawable && data?.kind === 'inline' && typeof data.value === 'string' && (
        <Thumbnail mimeType={mimeType} base64={data.value} />
      )}
      {isDrawable && data?.kind === 'cut' && (
        <LoadedThumbnail mimeType={mimeType} url={data.contentUrl} />
      )}
      <figcaption>
        <Icon name="other" size={12} /> {facts.filter((fact) => fact !== undefined).join(' · ')}
        {part.source !== 'embedded' && <code title="Not loaded"> {part.source}</code>}
      </figcaption>
    </figure>
  );
}

function Thumbnail(props: { readonly mimeType: string; readonly base64: string }) {
  if (!/^[A-Za-z0-9+/=\s_-]+$/.test(props.base64)) return undefined;
  return (
    <img
      className={styles.thumbnail}
      src={`data:${props.mimeType};base64,${props.base64}`}
      alt="As it was sent"
    />
  );
}

function LoadedThumbnail(props: { readonly mimeType: string; readonly url: string }) {
  const content = useContentOf(props.url);
  if (content.text !== undefined)
    return <Thumbnail mimeType={props.mimeType} base64={content.text} />;
  return (
    <Button fit="small" disabled={content.isLoading} onClick={content.load}>
      {content.isLoading
        ? 'Loading…'
        : content.error === undefined
          ? 'Show the picture'
          : `Cannot load it: ${content.error}`}
    </Button>
  );
}
