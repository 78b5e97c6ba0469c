// SPDX-License-Identifier: Apache-2.0

import { lazy, Suspense } from 'react';
import type { TraceView } from '../../../model/liveTrace';
import { LinesSkeleton } from '../../../parts/AnswerOf';
import { useAddress } from '../../../parts/useAddress';
import { Popover } from '../../../ui/Popover';
import styles from './Judge.module.css';
import { texts } from './texts';

const DatasetPicker = lazy(() =>
  import('./DatasetPicker').then((module) => ({ default: module.DatasetPicker })),
);

/** Copies the run, or the step that is selected, into a dataset that one picks or makes. */
export function AddToDataset({ view }: { readonly view: TraceView }) {
  const { search } = useAddress();
  const { tree, run } = view;
  const span = tree.nodes[tree.indexById.get(search['span'] ?? '') ?? -1]?.span;
  return (
    <Popover label={texts.add} title={texts.whatHint} fit="small" look="quiet" face={texts.add}>
      <div className={styles.panel}>
        <Suspense fallback={<LinesSkeleton lines={4} />}>
          <DatasetPicker
            traceId={run.traceId}
            span={span === undefined ? undefined : { id: span.id, title: span.title }}
          />
        </Suspense>
      </div>
    </Popover>
  );
}
