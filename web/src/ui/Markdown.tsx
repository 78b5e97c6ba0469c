// SPDX-License-Identifier: Apache-2.0

import { Fragment, memo } from 'react';
import type { ReactNode } from 'react';
import { parseMarkdown } from '../base/markdown';
import type { Block, ListItem } from '../base/markdown';
import type { Inline } from '../base/markdownInline';
import styles from './Markdown.module.css';

function drawInline(pieces: readonly Inline[]): ReactNode {
  return pieces.map((piece, index) => <Fragment key={index}>{inlineOf(piece)}</Fragment>);
}

function inlineOf(piece: Inline): ReactNode {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'code':
      return <code dir="ltr">{piece.text}</code>;
    case 'strong':
      return <strong>{drawInline(piece.content)}</strong>;
    case 'emphasis':
      return <em>{drawInline(piece.content)}</em>;
    case 'strike':
      return <del>{drawInline(piece.content)}</del>;
    case 'link':
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {drawInline(piece.content)}
        </a>
      );
    case 'image':
      return (
        <span className={styles.image} title={`Not loaded: ${piece.source}`}>
          [image{piece.text === '' ? '' : `: ${piece.text}`}]
        </span>
      );
    case 'break':
      return <br />;
  }
}

function drawBlocks(blocks: readonly Block[]): ReactNode {
  return blocks.map((block, index) => <Fragment key={index}>{blockOf(block)}</Fragment>);
}

function blockOf(block: Block): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return <p>{drawInline(block.content)}</p>;
    case 'heading':
      // No heading of the page: the text of a message is not part of its outline.
      return (
        <p className={styles.heading} data-level={block.level}>
          {drawInline(block.content)}
        </p>
      );
    case 'code':
      return (
        <pre className={styles.code} dir="ltr" tabIndex={0}>
          {block.text}
        </pre>
      );
    case 'quote':
      return <blockquote dir="auto">{drawBlocks(block.blocks)}</blockquote>;
    case 'list':
      return block.first === undefined ? (
        <ul dir="auto">{drawItems(block.items)}</ul>
      ) : (
        <ol dir="auto" start={block.first}>
          {drawItems(block.items)}
        </ol>
      );
    case 'table':
      return <Table block={block} />;
    case 'rule':
      return <hr />;
  }
}

function drawItems(items: readonly ListItem[]): ReactNode {
  return items.map((item, index) => (
    <li key={index}>
      {item.isDone !== undefined && (item.isDone ? '☑ ' : '☐ ')}
      {item.blocks.length === 1 && item.blocks[0]?.kind === 'paragraph'
        ? drawInline(item.blocks[0].content)
        : drawBlocks(item.blocks)}
    </li>
  ));
}

function Table(props: { readonly block: Block & { readonly kind: 'table' } }) {
  const { head, rows } = props.block;
  return (
    <div className={styles.table}>
      <table dir="auto">
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
                {drawInline(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{drawInline(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Markdown as elements of the page: no HTML, no images, links only to the web and to mail. */
export const Markdown = memo(function Markdown(props: { readonly text: string }) {
  return <div className={styles.markdown}>{drawBlocks(parseMarkdown(props.text))}</div>;
});
