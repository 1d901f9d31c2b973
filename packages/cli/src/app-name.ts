/** Name of the command line tool as an app: of its data folder and its keyring entry. */
export const APP_NAME = 'deskauth';
