// SPDX-License-Identifier: Apache-2.0

import { Button } from '../ui/Button';
import { download } from '../ui/download';
import { Popover } from '../ui/Popover';

/** The rows that a list has loaded, as a file. */
export function ExportMenu(props: {
  /** Of the file, without its ending. */
  readonly name: string;
  /** How many rows there are, in words. */
  readonly what: string;
  readonly csv: () => string;
  readonly json: () => string;
}) {
  const { name, what, csv, json } = props;
  return (
    <Popover face="Export" label="Export">
      <p>The {what} that the list has loaded.</p>
      <Button fit="small" onClick={() => download(`${name}.csv`, 'text/csv', csv())}>
        CSV
      </Button>{' '}
      <Button fit="small" onClick={() => download(`${name}.json`, 'application/json', json())}>
        JSON
      </Button>
    </Popover>
  );
}
