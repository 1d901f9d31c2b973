import type { StorageReport } from '@deskauth/node';
import { app, clipboard, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { answerMessage, createAnswers } from './answers.ts';
import { APP_ORIGIN, type Frame, isOwnFrame } from './app-origin.ts';
import { RefusedMessage } from './arguments.ts';
import { type Channel, SESSION_CHANGED } from './contract.ts';
import type { ElectronSession } from './create-electron-session.ts';

/** Which windows see the session, and how much of it. */
export interface ExposeSessionOptions {
  /** Origins whose main frames may send messages and are told of changes. @default the app's own, `app://bundle` */
  readonly origins?: readonly string[];
  /** Whether windows may make tokens expire, to see what follows. @default only while the app is not packaged */
  readonly developerCommands?: boolean;
  /** Messages are answered once this is over: `session.restore()`, so that no window begins with a wrong state. */
  readonly restored?: Promise<unknown>;
}

/**
 * Lets the app's windows see and steer the session through the closed contract. No token crosses.
 * @returns what ends it
 */
export function exposeSession(session: ElectronSession, options: ExposeSessionOptions = {}): () => void {
  const { origins = [APP_ORIGIN], developerCommands = !app.isPackaged } = options;
  const restored = Promise.resolve(options.restored).catch(() => undefined);
  const copy = (text: string) => clipboard.writeText(text);
  let report: StorageReport | undefined;
  const { answers, snapshot } = createAnswers(session, { developerCommands, copy, storage: () => report });
  const channels = Object.keys(answers) as Channel[];

  /** Pages that have asked are told of changes; one that has not will ask. */
  const pages = new Set<WebContents>();

  for (const channel of channels) {
    ipcMain.handle(channel, ({ sender, senderFrame }: IpcMainInvokeEvent, ...args: unknown[]) => {
      if (!isOwnFrame(senderFrame, origins)) throw new RefusedMessage('This page may not use the session.');
      pages.add(sender);
      return restored.then(() => answerMessage(answers[channel], args));
    });
  }
  const tell = () => {
    for (const page of pages) {
      if (page.isDestroyed()) pages.delete(page);
      else if (isOwnFrame(mainFrameOf(page), origins)) page.send(SESSION_CHANGED, snapshot());
    }
  };
  let looks = 0;
  /** It can change with every save: a keyring was unlocked, the person agreed to a file. */
  const lookAtStorage = async () => {
    // Before anything is saved it says nothing that a person could use, and a locked keyring would ask for its password.
    if (session.state.status !== 'signed-in' && !session.storeFault) return;
    looks += 1;
    const look = looks;
    const found = await session.storage().catch(() => undefined);
    if (look !== looks || JSON.stringify(found) === JSON.stringify(report)) return;
    report = found;
    tell();
  };
  const stop = session.onChange(() => {
    tell();
    void lookAtStorage();
  });
  void restored.then(lookAtStorage);
  return () => {
    stop();
    for (const channel of channels) ipcMain.removeHandler(channel);
  };
}

/** Null while the page has crashed and is not there again: everything that is asked of its frame would throw. */
function mainFrameOf(page: WebContents): Frame | null {
  try {
    const { origin, parent } = page.mainFrame;
    return { origin, parent };
  } catch {
    return null;
  }
}
