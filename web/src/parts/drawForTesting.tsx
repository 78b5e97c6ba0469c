// SPDX-License-Identifier: Apache-2.0
// Draws a part of a page in a test, at an address and with answers of a server of the test's own.

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, vi } from 'vitest';
import { isObject } from '../base/json';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: unknown;
}

/** What the server answers; undefined is a 404, a number that status, a promise comes when it comes. */
export type Answers = (asked: Asked) => unknown;

export interface Drawn {
  readonly box: HTMLElement;
  /** What was asked of the server so far. */
  readonly asked: readonly Asked[];
  /** The path and the query of the address as they are now. */
  readonly path: () => string;
  readonly search: () => Readonly<Record<string, unknown>>;
  readonly button: (name: string) => HTMLButtonElement;
  readonly text: () => string;
  readonly draw: (node: ReactNode) => void;
  /** Asks for everything again, as the page does by and by. */
  readonly refresh: () => Promise<void>;
}

/** What is drawn, at whatever address the test has come to. */
const Shown = createContext<ReactNode>(undefined);

function ShownHere() {
  return useContext(Shown);
}

function makeRouter(address: string) {
  const root = createRootRoute();
  const any = createRoute({ getParentRoute: () => root, path: '$', component: ShownHere });
  return createRouter({
    routeTree: root.addChildren([any]),
    history: createMemoryHistory({ initialEntries: [address] }),
    // As the addresses of the pages are: plain texts.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  });
}

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.unstubAllGlobals();
});

function answerWith(answers: Answers, asked: Asked[]) {
  return async (path: string, options: RequestInit): Promise<Response> => {
    const { body, method = 'GET' } = options;
    const sent: unknown = typeof body === 'string' ? JSON.parse(body) : undefined;
    const question = { method, path, body: sent };
    asked.push(question);
    const answer = await answers(question);
    if (answer === undefined) return Response.json({ detail: 'not there' }, { status: 404 });
    if (typeof answer === 'number')
      return Response.json({ detail: `refused with ${answer}` }, { status: answer });
    return typeof answer === 'string' ? new Response(answer) : Response.json(answer);
  };
}

export function draw(node: ReactNode, address: string, answers: Answers): Drawn {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', answerWith(answers, asked));
  const box = document.createElement('div');
  document.body.append(box);
  const root = createRoot(box);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = makeRouter(address);
  const show = (shown: ReactNode): void =>
    root.render(
      <QueryClientProvider client={client}>
        <Shown value={shown}>
          <RouterProvider router={router} />
        </Shown>
      </QueryClientProvider>,
    );
  show(node);
  ends.push(() => {
    root.unmount();
    client.clear();
    box.remove();
  });
  return {
    box,
    asked,
    path: () => router.state.location.pathname,
    search: () => {
      const search: unknown = router.state.location.search;
      return isObject(search) ? search : {};
    },
    button: (name) => {
      const found = [...box.querySelectorAll('button')].find(
        (one) => one.textContent.includes(name) || one.getAttribute('aria-label') === name,
      );
      if (found === undefined) throw new Error(`no button “${name}” in: ${box.textContent}`);
      return found;
    },
    text: () => box.textContent,
    draw: show,
    refresh: () => client.invalidateQueries(),
  };
}

/** Waits until what is drawn is as it should be, also on a machine with other work to do. */
export function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 30_000 });
}

/** Types as a person does: React listens to the input event only if the value was set by the element's own setter. */
export function type(input: unknown, text: string): void {
  const kind = [HTMLInputElement, HTMLTextAreaElement].find((one) => input instanceof one);
  if (kind === undefined || !(input instanceof HTMLElement))
    throw new Error('there is no such field');
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(input, text);
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
