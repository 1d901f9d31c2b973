/** Where errors and requests are written; a pino logger is one. */
export interface ApiLog {
  info(record: object, message: string): void;
  error(record: object, message: string): void;
}

const write = (level: string) => (record: object, message: string) => {
  const { err } = record as { err?: unknown };
  const stack = err instanceof Error ? err.stack : undefined;
  console.log(JSON.stringify({ level, time: Date.now(), ...record, err: stack, msg: message }));
};

/** One JSON object per line on standard output. */
export const consoleLog: ApiLog = { info: write('info'), error: write('error') };

/**
 * Is it what fastify has in the place of a logger that the app did not ask for? All its methods are one that does nothing.
 * A logger that is set to be silent has a level.
 */
export const isNoLogger = (log: ApiLog): boolean => log.error === log.info && !('level' in log);
