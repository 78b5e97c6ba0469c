// SPDX-License-Identifier: Apache-2.0

import { useId, useMemo } from 'react';
import { decodeDetail } from '../../api/decodeDetail';
import { useSpan } from '../../api/queries';
import { assertUnreachable } from '../../base/assert';
import type { SpanDetail } from '../../model/message';
import type { LogLine } from '../../model/run';
import type { Span } from '../../model/span';
import type { SpanNode } from '../../model/spanTree';
import { Button } from '../../ui/Button';
import { useCommand } from '../../ui/commands';
import { CopyButton } from '../../ui/CopyButton';
import { Icon } from '../../ui/Icon';
import { Tabs } from '../../ui/Tabs';
import type { TabItem } from '../../ui/Tabs';
import { KindIcon } from '../../parts/KindIcon';
import { MessagesView } from '../../parts/MessagesView';
import styles from './Panel.module.css';
import { AttributesView, EventsView, LinksView } from './SpanLists';
import { SpanOverview } from './SpanOverview';
import type { PanelTab } from './url';

function tabsOf(detail: SpanDetail, logs: readonly LogLine[]): readonly TabItem<PanelTab>[] {
  const { conversation, attributes, events, links } = detail;
  const happenings = events.length + logs.length;
  const tabs: TabItem<PanelTab>[] = [{ id: 'overview', label: 'Overview' }];
  if (conversation !== undefined) {
    const count = conversation.input.length + conversation.output.length;
    tabs.push({ id: 'messages', label: 'Messages', count });
  }
  tabs.push({ id: 'attributes', label: 'Attributes', count: attributes.length });
  if (happenings > 0) tabs.push({ id: 'events', label: 'Events', count: happenings });
  if (links.length > 0) tabs.push({ id: 'links', label: 'Links', count: links.length });
  return tabs;
}

export interface SpanPanelProps {
  readonly node: SpanNode;
  readonly traceId: string;
  /** The log lines of the whole run. */
  readonly logs: readonly LogLine[];
  readonly tab: PanelTab | undefined;
  readonly onTab: (tab: PanelTab) => void;
  readonly onClose: () => void;
}

/** All that is known of a span: with the trace, or, if only the feed has told of it, read by itself. */
function useSpanSource(traceId: string, span: Span) {
  const query = useSpan(traceId, span);
  if (span.knownFrom !== 'feed') return { raw: span.raw, reading: undefined };
  if (query.data !== undefined) return { raw: query.data.raw, reading: undefined };
  return {
    raw: span.raw,
    reading: query.isError
      ? `Cannot load messages and attributes: ${query.error.message}`
      : 'Loading messages and attributes…',
  };
}

/** Everything about the selected span. */
export function SpanPanel(props: SpanPanelProps) {
  const { node, onTab, onClose } = props;
  const { span } = node;
  const { raw, reading } = useSpanSource(props.traceId, span);
  const detail = useMemo(() => decodeDetail(raw), [raw]);
  const logs = useMemo(
    () => props.logs.filter((log) => log.spanId === span.id),
    [props.logs, span.id],
  );
  const tabs = tabsOf(detail, logs);
  const preferred = props.tab ?? (detail.conversation === undefined ? 'overview' : 'messages');
  const tab = tabs.some((item) => item.id === preferred) ? preferred : 'overview';
  const panelId = useId();
  useCommand({ id: 'close details', title: 'Close the details', key: 'Escape', run: onClose });
  return (
    <>
      <div className={styles.head}>
        <KindIcon kind={span.kind} />
        <h2 className={styles.title} title={span.name} dir="auto">
          {span.name}
        </h2>
        <CopyButton label="Copy a link to this span" text={() => window.location.href} />
        <Button
          fit="icon"
          look="quiet"
          aria-label="Close details"
          title="Close (Esc)"
          onClick={onClose}
        >
          <Icon name="close" />
        </Button>
      </div>
      <Tabs label="Details" panelId={panelId} items={tabs} selected={tab} onSelect={onTab} />
      <div
        key={tab}
        id={panelId}
        className={styles.body}
        role="tabpanel"
        tabIndex={0}
        aria-label={tabs.find((item) => item.id === tab)?.label}
        data-testid="span-panel"
      >
        <SpanFailure span={span} />
        {reading !== undefined && <p className={styles.reading}>{reading}</p>}
        <PanelBody tab={tab} node={node} detail={detail} logs={logs} />
      </div>
    </>
  );
}

/** Why a span failed stands first, whichever of its tabs is open. */
function SpanFailure(props: { readonly span: Span }) {
  const { errorMessage, errorType } = props.span;
  if (errorMessage === undefined && errorType === undefined) return undefined;
  return (
    <div className={styles.failure} data-testid="failure">
      <strong>{errorType ?? 'Error'}</strong>
      <span dir="auto">{errorMessage}</span>
    </div>
  );
}

function PanelBody(props: {
  readonly tab: PanelTab;
  readonly node: SpanNode;
  readonly detail: SpanDetail;
  readonly logs: readonly LogLine[];
}) {
  const { tab, node, detail, logs } = props;
  switch (tab) {
    case 'overview':
      return <SpanOverview node={node} detail={detail} />;
    case 'messages':
      return detail.conversation && <MessagesView conversation={detail.conversation} />;
    case 'attributes':
      return <AttributesView detail={detail} />;
    case 'events':
      return <EventsView detail={detail} logs={logs} startNs={node.span.startNs} />;
    case 'links':
      return <LinksView links={detail.links} />;
    default:
      return assertUnreachable(tab);
  }
}
