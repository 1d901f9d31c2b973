/** Node itself, whatever the app sees as `process.execPath`. */
export const nodeProgram = process.execPath;
