// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FeedSocket } from './feedSocket';
import type { ConnectionEvents } from './feedSocket';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const initial = '{"type":"initial"}';

/** A socket whose connections are played by the test. */
function start() {
  const connections: (ConnectionEvents & { readonly sent: string[]; isClosed: boolean })[] = [];
  const statuses: string[] = [];
  const messages: unknown[] = [];
  const socket = new FeedSocket({
    connect: (events) => {
      const connection = { ...events, sent: new Array<string>(), isClosed: false };
      connections.push(connection);
      return {
        send: (text) => connection.sent.push(text),
        close: () => (connection.isClosed = true),
      };
    },
    onStatus: (status) => statuses.push(status),
    onMessage: (message) => messages.push(message),
    random: () => 0.5,
  });
  socket.start();
  const last = () => {
    const connection = connections.at(-1);
    if (connection === undefined) throw new Error('no connection');
    return connection;
  };
  return { socket, connections, last, statuses, messages };
}

describe('FeedSocket', () => {
  it('is open from the first message', () => {
    const { last, statuses, messages } = start();
    expect(statuses).toEqual(['connecting']);
    last().onMessage(initial);
    last().onMessage('{"type":"update","skipped":2}');
    expect(statuses).toEqual(['connecting', 'open']);
    expect(messages).toEqual([{ type: 'initial' }, { type: 'update', skipped: 2 }]);
  });

  it('passes over what is no message', () => {
    const { last, statuses, messages } = start();
    for (const data of ['', '{', '[]', 'null', new ArrayBuffer(2)]) last().onMessage(data);
    expect(statuses).toEqual(['connecting']);
    expect(messages).toEqual([]);
  });

  it('comes back later and later while it fails, and is open again with the first message', async () => {
    const { connections, last, statuses } = start();
    for (const delay of [375, 750, 1500]) {
      const before = connections.length;
      last().onClose();
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(connections.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(connections.length).toBe(before + 1);
    }
    last().onMessage(initial);
    expect(statuses).toEqual(['connecting', 'retrying', 'open']);
  });

  it('counts failures from one again after a connection that lived', async () => {
    const { connections, last } = start();
    last().onClose();
    await vi.advanceTimersByTimeAsync(375);
    last().onMessage(initial);
    await vi.advanceTimersByTimeAsync(11_000);
    last().onClose();
    await vi.advanceTimersByTimeAsync(375);
    expect(connections.length).toBe(3);
  });

  it('does not hammer a server that refuses with a message', async () => {
    const { connections, last, statuses, messages } = start();
    last().onMessage('{"type":"error","message":"execution 7 is not known"}');
    last().onClose();
    await vi.advanceTimersByTimeAsync(375);
    last().onClose();
    await vi.advanceTimersByTimeAsync(749);
    expect(connections.length).toBe(2);
    expect(statuses).toEqual(['connecting', 'retrying']);
    expect(messages).toEqual([]);
  });

  it('gives up a connection that says nothing', async () => {
    const { connections, last, statuses } = start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(last().isClosed).toBe(true);
    expect(statuses).toEqual(['connecting', 'retrying']);
    await vi.advanceTimersByTimeAsync(375);
    expect(connections.length).toBe(2);
  });

  it('asks a silent server whether it is there, and believes the answer', async () => {
    const { connections, last, messages, statuses } = start();
    last().onMessage(initial);
    for (let i = 0; i < 3; i++) {
      await vi.advanceTimersByTimeAsync(20_000);
      expect(last().sent.length).toBe(i + 1);
      last().onMessage('{"type":"pong"}');
    }
    expect(messages).toEqual([{ type: 'initial' }]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(statuses.at(-1)).toBe('retrying');
    await vi.advanceTimersByTimeAsync(375);
    expect(connections.length).toBe(2);
  });

  it('hears nothing more of a connection that it gave up', async () => {
    const { connections, statuses, messages } = start();
    const [first] = connections;
    first?.onClose();
    await vi.advanceTimersByTimeAsync(375);
    first?.onMessage(initial);
    first?.onClose();
    expect(connections.length).toBe(2);
    expect(statuses).toEqual(['connecting', 'retrying']);
    expect(messages).toEqual([]);
  });

  it('stops for good, also while it waits', async () => {
    const { socket, connections, last, statuses } = start();
    last().onClose();
    socket.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connections.length).toBe(1);
    expect(statuses.at(-1)).toBe('off');
  });
});
