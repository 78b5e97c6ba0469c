// SPDX-License-Identifier: Apache-2.0

import { zoneLabel } from '../base/clock';
import { Button } from './Button';
import { setPreferences, usePreferences } from './preferences';

/** Says, once for the whole page, which zone its times are in, and switches between that of the browser and UTC. */
export function ZoneToggle() {
  const { zone } = usePreferences();
  const here = zoneLabel(zone, new Date());
  const next = zone === 'utc' ? 'local' : 'utc';
  const title = next === 'utc' ? 'Show times in UTC' : 'Show times in the zone of this browser';
  return (
    <Button look="quiet" fit="small" title={title} onClick={() => setPreferences({ zone: next })}>
      <span className="visually-hidden">Times are in </span>
      {here}
      {zone === 'local' && here === 'UTC' && <span className="visually-hidden"> (local)</span>}
    </Button>
  );
}
