/** Who asks. */
export interface Asker {
  /** Our version. @default "0" */
  readonly version?: string;
  /** A URL or an address at which whoever is asked finds whoever runs this monitor. */
  readonly contact: string;
}

/** What every request of ours says of itself, so that nobody need block us to be heard. */
export const userAgent = ({ version = "0", contact }: Asker): string =>
  `counterfoil/${version} (+${contact.replace(/[^\x21-\x7e]|[()]/g, "")})`;
