// SPDX-License-Identifier: Apache-2.0

import { setPreferences, usePreferences } from '../../ui/preferences';
import styles from './DensityChoice.module.css';
import { texts } from './texts';

/** Whether rows have a second line, for this browser. */
export function DensityChoice() {
  const { density } = usePreferences();
  return (
    <label className={styles.choice}>
      <input
        type="checkbox"
        checked={density === 'roomy'}
        onChange={(event) =>
          setPreferences({ density: event.target.checked ? 'roomy' : 'compact' })
        }
      />
      {texts.twoLines}
    </label>
  );
}
