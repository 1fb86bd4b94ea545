/** What was typed cannot be done as it stands. The message is a sentence for whoever typed it; nothing was sent. */
export class Misused extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "Misused";
  }
}
