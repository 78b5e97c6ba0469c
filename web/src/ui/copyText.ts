// SPDX-License-Identifier: Apache-2.0

/** For pages that are not served from this machine or over HTTPS, where browsers offer no clipboard. */
function copyBySelection(text: string): boolean {
  const holder = document.createElement('textarea');
  holder.value = text;
  holder.readOnly = true;
  holder.className = 'visually-hidden';
  document.body.append(holder);
  const focused = document.activeElement;
  holder.select();
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way where there is no clipboard
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    holder.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}

/** Answers whether the text is on the clipboard now; never rejects. */
export async function copyText(text: string): Promise<boolean> {
  // Absent in insecure contexts, whatever its type says.
  const clipboard: Clipboard | undefined =
    'clipboard' in navigator ? navigator.clipboard : undefined;
  try {
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused, for example because the page is not in front.
  }
  return copyBySelection(text);
}
