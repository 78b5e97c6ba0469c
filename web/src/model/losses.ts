// SPDX-License-Identifier: Apache-2.0

export type LossSeverity = 'info' | 'warning' | 'error';

/** Something that was refused, dropped, cut or repaired since the server began. */
export interface Loss {
  readonly name: string;
  readonly severity: LossSeverity;
  readonly count: number;
}

const severities: readonly LossSeverity[] = ['error', 'warning', 'info'];

/** The losses in the text that the server gives to Prometheus: the gravest first, without those of zero. */
export function readLosses(text: string): readonly Loss[] {
  const found = text.split('\n').flatMap((line): Loss[] => {
    const match = /^sightline_loss_total\{([^}]*)\} (\S+)/.exec(line);
    const labels = match?.[1] ?? '';
    const name = /name="([^"]*)"/.exec(labels)?.[1];
    const severity = severities.find((one) => labels.includes(`severity="${one}"`));
    const count = Number(match?.[2]);
    if (name === undefined || severity === undefined || !(count > 0)) return [];
    return [{ name, severity, count }];
  });
  return severities.flatMap((severity) => found.filter((loss) => loss.severity === severity));
}
