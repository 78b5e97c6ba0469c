// SPDX-License-Identifier: Apache-2.0

const strokes = {
  agent:
    'M8 2.5v2M4.5 4.5h7a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 3 11V6a1.5 1.5 0 0 1 1.5-1.5M6 8v1M10 8v1',
  workflow: 'M2.5 3h4v3h-4zM9.5 10h4v3h-4zM4.5 6v5.5h5',
  task: 'M3 4.5h10M3 8h10M3 11.5h6',
  llm: 'M8 2.5l1.4 4.1 4.1 1.4-4.1 1.4L8 13.5l-1.4-4.1L2.5 8l4.1-1.4z',
  tool: 'M10 2.8a3.2 3.2 0 0 0-3.6 4.4L2.8 10.8a1.5 1.5 0 0 0 2.1 2.1l3.6-3.6a3.2 3.2 0 0 0 4.4-3.6l-2 2-1.9-.6-.6-1.9z',
  retriever: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3l3.2 3.2',
  embedding: 'M3 13V8M6.3 13V3M9.7 13v-7M13 13V5',
  reranker: 'M5 3v10M5 13l-2-2M5 13l2-2M9 4h4.5M9 8h3.5M9 12h2.5',
  guardrail: 'M8 2.3l5 1.8v3.7c0 3-2.1 4.9-5 5.9-2.9-1-5-2.9-5-5.9V4.1z',
  evaluator: 'M3 8.5l3.2 3.2L13 4.8',
  http: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M2.5 8h11M8 2.5c2 2 2 9 0 11M8 2.5c-2 2-2 9 0 11',
  db: 'M3 4.3c0-2.4 10-2.4 10 0v7.4c0 2.4-10 2.4-10 0zM3 4.3c0 2.4 10 2.4 10 0M3 8c0 2.4 10 2.4 10 0',
  other: 'M8 8h.01M4 8h.01M12 8h.01',
  cost: 'M8 2v12M11 4.5H6.5a2 2 0 0 0 0 3.6h3a2 2 0 0 1 0 3.7H5',
  session: 'M2.5 3.5h8v5.5h-5l-2 2v-2h-1zM12.5 6h1v5.5h-1v2l-2-2h-4',
  user: 'M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M3 13.5c0-5.3 10-5.3 10 0',
  dashboard: 'M2.5 3h5v4h-5zM9.5 3h4v6h-4zM2.5 9h5v4h-5zM9.5 11h4v2h-4z',
  settings: 'M2.5 4.5h7M12.5 4.5h1M11 3v3M2.5 11.5h1M6.5 11.5h7M5 10v3M2.5 8h4M9.5 8h4M8 6.5v3',
  chevron: 'M6 4l4 4-4 4',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3l3.2 3.2',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5l7 4.5-7 4.5z',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1',
  moon: 'M13 9.8A5.6 5.6 0 0 1 6.2 3 5.6 5.6 0 1 0 13 9.8z',
  system: 'M2.5 3.5h11v7h-11zM6 13h4M8 10.5V13',
  alert: 'M8 2.5l6 10.5H2zM8 6.5v3M8 11.3h.01',
  back: 'M10 3.5L5.5 8l4.5 4.5',
  down: 'M4 6l4 4 4-4',
  grip: 'M6 3.5v.01M10 3.5v.01M6 8v.01M10 8v.01M6 12.5v.01M10 12.5v.01',
} as const;

export type IconName = keyof typeof strokes;

/** A drawing in the colour of the text beside it; decoration, so hidden from screen readers. */
export function Icon(props: { readonly name: IconName; readonly size?: number }) {
  const { name, size = 14 } = props;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'other' || name === 'grip' ? 2 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={strokes[name]} />
    </svg>
  );
}
