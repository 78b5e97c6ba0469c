// SPDX-License-Identifier: Apache-2.0

import { Tag } from '../ui/Tag';

export function DemoTag() {
  return (
    <Tag tone="demo" title="Simulated: sent by the demo, not by an agent of yours">
      Demo
    </Tag>
  );
}
