/** The API answered and refused; its sentence says why. Asking the same again gets the same. */
export class ApiRefused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiRefused";
    this.status = status;
    this.code = code;
  }
}

/** No answer, or none that this client understands: nothing is known. Asking again later may help. */
export class ApiUnreachable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ApiUnreachable";
  }
}
